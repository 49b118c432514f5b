#include "content/lib/ffmpeg/frame_memory.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/buffer.h>
#include <libavutil/frame.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
}

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace capsule::ffmpeg {

namespace {

constexpr std::size_t large_page = 2 << 20;
constexpr std::size_t alignment = 64;  // what the widest instructions want
constexpr std::size_t overread = 64;   // decoders read beyond the end of a row, and so of a plane

std::size_t up(std::size_t size, std::size_t to) { return (size + to - 1) / to * to; }

// One mapping; lives as long as a picture in it.
class Block {
public:
    static std::shared_ptr<Block> map(std::size_t size) {
        // Large pages begin at their own multiples.
        void* all = mmap(nullptr, size + large_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (all == MAP_FAILED)
            return nullptr;
        auto* begin = static_cast<std::uint8_t*>(all);
        auto* aligned = reinterpret_cast<std::uint8_t*>(up(reinterpret_cast<std::uintptr_t>(begin), large_page));
        (void)madvise(aligned, size, MADV_HUGEPAGE); // a kernel without them serves small ones
        return std::make_shared<Block>(begin, size + large_page, aligned);
    }
    Block(std::uint8_t* begin, std::size_t size, std::uint8_t* aligned) : m_begin(begin), m_size(size), m_aligned(aligned) {}
    ~Block() { munmap(m_begin, m_size); }
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;
    std::uint8_t* at(std::size_t offset) const { return m_aligned + offset; }

private:
    std::uint8_t* m_begin;
    std::size_t m_size;
    std::uint8_t* m_aligned;
};

// How many pictures to a block: the number, of up to four, that leaves least of it unused.
std::size_t pictures_per_block(std::size_t picture) {
    const auto waste = [picture](std::size_t count) {
        const std::size_t block = up(picture * count, large_page);
        return static_cast<double>(block - picture * count) / static_cast<double>(block);
    };
    std::size_t best = 1;
    for (std::size_t count = 2; count <= 4; ++count)
        if (waste(count) < waste(best) - 0.01)
            best = count;
    return best;
}

// All pictures of one size. Shared by the pool, which outlives the decoder for as long as somebody holds a picture.
struct Source {
    explicit Source(std::size_t bytes) : picture(bytes), per_block(pictures_per_block(bytes)) {}
    const std::size_t picture, per_block;
    // Used by the pool under its own lock.
    std::shared_ptr<Block> block;
    std::size_t used = 0;

    static AVBufferRef* allocate(void* self, [[maybe_unused]] std::size_t bytes) {
        Source& s = *static_cast<Source*>(self);
        if (!s.block || s.used == s.per_block) {
            s.block = Block::map(up(s.picture * s.per_block, large_page));
            s.used = 0;
        }
        if (!s.block)
            return nullptr;
        auto* keeper = new std::shared_ptr<Block>(s.block); // keeps the block as long as this picture is in it
        AVBufferRef* reference = av_buffer_create(s.block->at(s.picture * s.used), s.picture, &release, keeper, 0);
        if (!reference) {
            delete keeper;
            return nullptr;
        }
        ++s.used;
        return reference;
    }
    static void release(void* keeper, std::uint8_t*) { delete static_cast<std::shared_ptr<Block>*>(keeper); }
    static void end(void* self) { delete static_cast<Source*>(self); }
};

struct Layout {
    int pitch[4] = {};
    std::size_t offset[4] = {};
    std::size_t bytes = 0;
    int planes = 0;
};

// As libavcodec's own allocation lays them out: every row of every plane aligned, the height as the codec wants it.
bool lay_out(AVCodecContext& context, const AVFrame& frame, Layout& layout) {
    const auto format = static_cast<AVPixelFormat>(frame.format);
    int width = frame.width, height = frame.height;
    std::array<int, AV_NUM_DATA_POINTERS> align{};
    avcodec_align_dimensions2(&context, &width, &height, align.data());
    for (bool aligned = false; !aligned; width += width & ~(width - 1)) {
        if (av_image_fill_linesizes(layout.pitch, format, width) < 0)
            return false;
        aligned = true;
        for (int i = 0; i < 4; ++i)
            aligned = aligned && layout.pitch[i] % std::max(align[static_cast<std::size_t>(i)], static_cast<int>(alignment)) == 0;
    }
    const std::ptrdiff_t pitches[4] = {layout.pitch[0], layout.pitch[1], layout.pitch[2], layout.pitch[3]};
    std::size_t sizes[4] = {};
    if (av_image_fill_plane_sizes(sizes, format, height, pitches) < 0)
        return false;
    for (; layout.planes < 4 && sizes[layout.planes] > 0; ++layout.planes) {
        layout.offset[layout.planes] = layout.bytes;
        layout.bytes += up(sizes[layout.planes] + overread, alignment);
    }
    return layout.planes > 0;
}

} // namespace

struct FrameMemory::State {
    std::mutex mutex; // frame threads ask at the same time
    AVBufferPool* pool = nullptr;
    std::size_t picture = 0;

    ~State() { av_buffer_pool_uninit(&pool); }
    AVBufferRef* get(std::size_t bytes) {
        const std::lock_guard lock(mutex);
        if (!pool || picture != bytes) {
            av_buffer_pool_uninit(&pool);
            auto* source = new Source(bytes);
            pool = av_buffer_pool_init2(bytes, source, &Source::allocate, &Source::end);
            picture = bytes;
            if (!pool) {
                delete source;
                return nullptr;
            }
        }
        return av_buffer_pool_get(pool);
    }
};

FrameMemory::FrameMemory() : m_state(std::make_unique<State>()) {}
FrameMemory::~FrameMemory() = default;

void FrameMemory::serve(AVCodecContext& context) {
    context.opaque = m_state.get();
    context.get_buffer2 = &get_buffer;
#if LIBAVCODEC_VERSION_MAJOR < 60
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    context.thread_safe_callbacks = 1; // later versions take it for granted
#pragma GCC diagnostic pop
#endif
}

int FrameMemory::get_buffer(AVCodecContext* context, AVFrame* frame, int flags) {
    const AVPixFmtDescriptor* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame->format));
    Layout layout;
    const bool ours = context->codec_type == AVMEDIA_TYPE_VIDEO && context->codec->capabilities & AV_CODEC_CAP_DR1 && format &&
                      !(format->flags & (AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_PAL)) && lay_out(*context, *frame, layout);
    if (!ours)
        return avcodec_default_get_buffer2(context, frame, flags);
    frame->buf[0] = static_cast<State*>(context->opaque)->get(layout.bytes);
    if (!frame->buf[0])
        return AVERROR(ENOMEM);
    for (int i = 0; i < layout.planes; ++i) {
        frame->data[i] = frame->buf[0]->data + layout.offset[i];
        frame->linesize[i] = layout.pitch[i];
    }
    frame->extended_data = frame->data;
    return 0;
}

} // namespace capsule::ffmpeg
