#include "content/lib/ffmpeg/input.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libavutil/log.h>
}

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <vector>

namespace capsule::ffmpeg {

namespace {

int read_some(void* opaque, std::uint8_t* buffer, int size) {
    const int fd = *static_cast<int*>(opaque);
    for (;;) {
        const ssize_t got = ::read(fd, buffer, static_cast<std::size_t>(size));
        if (got > 0)
            return static_cast<int>(got);
        if (got == 0)
            return AVERROR_EOF;
        if (errno != EINTR)
            return AVERROR(errno);
    }
}

std::int64_t seek(void* opaque, std::int64_t offset, int whence) {
    const int fd = *static_cast<int*>(opaque);
    if (whence & AVSEEK_SIZE) {
        struct stat status {};
        return fstat(fd, &status) == 0 ? status.st_size : AVERROR(errno);
    }
    const off_t position = lseek(fd, offset, whence & ~AVSEEK_FORCE);
    return position < 0 ? AVERROR(errno) : position;
}

int refuse_other_files(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) { return AVERROR(EPERM); }

constexpr int io_buffer_size = 64 * 1024;

} // namespace

struct Input::State {
    int fd = -1;
    AVIOContext* io = nullptr;
    AVFormatContext* context = nullptr;
    std::string name;
    Limits limits;
    bool probed = false;

    ~State() {
        avformat_close_input(&context);
        if (io) {
            av_freep(&io->buffer);
            avio_context_free(&io);
        }
        if (fd >= 0)
            close(fd);
    }
};

const char* format_whitelist() {
    return "mov,matroska,webm,mpegts,mpeg,avi,flv,asf,ogg,mxf,yuv4mpegpipe,gif,apng,"
           "png_pipe,jpeg_pipe,webp_pipe,bmp_pipe,tiff_pipe,h264,hevc";
}

const char* codec_whitelist() {
    return "h264,hevc,vp8,vp9,libdav1d,libaom-av1,av1,mpeg4,msmpeg4,msmpeg4v2,h263,h263p,flv,mpeg1video,mpeg2video,theora,vc1,wmv1,wmv2,wmv3,"
           "mjpeg,prores,dnxhd,ffv1,huffyuv,rawvideo,png,apng,webp,gif,bmp,tiff,"
           "aac,mp3float,mp3,mp2float,mp2,ac3,eac3,opus,vorbis,flac,alac,wmav2,wmav1,libopus,"
           "pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_f32le,pcm_u8,pcm_mulaw,pcm_alaw,"
           "subrip,srt,webvtt,mov_text,ass,ssa,text";
}

Error error_from(int code, const std::string& what) {
    Category category = Category::invalid;
    if (code == AVERROR(ENOENT))
        category = Category::missing;
    else if (code == AVERROR(EIO))
        category = Category::io;
    else if (code == AVERROR(ENOMEM) || code == AVERROR(EPERM) || code == AVERROR(EINVAL))
        category = Category::refused;
    char text[AV_ERROR_MAX_STRING_SIZE] = {};
    av_strerror(code, text, sizeof text);
    return {category, what + ": " + text};
}

namespace {

// Whether the container says all of this stream that its decoder needs to start.
bool told_by_container(const AVStream& stream) {
    const AVCodecParameters& says = *stream.codecpar;
    switch (says.codec_type) {
    case AVMEDIA_TYPE_VIDEO:
        if (stream.disposition & AV_DISPOSITION_ATTACHED_PIC)
            return true;
        if (says.width <= 0 || says.height <= 0 || stream.avg_frame_rate.num <= 0)
            return false;
        if (says.codec_id == AV_CODEC_ID_H264 || says.codec_id == AV_CODEC_ID_HEVC)
            return says.extradata_size > 0;
        return says.codec_id == AV_CODEC_ID_VP9 || says.codec_id == AV_CODEC_ID_VP8;
    case AVMEDIA_TYPE_AUDIO:
        if (says.sample_rate <= 0 || says.ch_layout.nb_channels <= 0)
            return false;
        return says.codec_id == AV_CODEC_ID_OPUS || (says.codec_id == AV_CODEC_ID_AAC && says.extradata_size > 0);
    default:
        return says.codec_type != AVMEDIA_TYPE_UNKNOWN;
    }
}

bool told_by_container(const AVFormatContext& context) {
    const std::string_view name = context.iformat->name;
    if (!name.starts_with("mov,") && !name.starts_with("matroska"))
        return false;
    for (unsigned i = 0; i < context.nb_streams; ++i)
        if (!told_by_container(*context.streams[i]))
            return false;
    return context.nb_streams > 0;
}

} // namespace

Result<Input> Input::open_header(const Path& path, const Limits& limits) {
    av_log_set_level(AV_LOG_QUIET); // errors are returned; FFmpeg's own lines would say them twice
    auto state = std::make_unique<State>();
    state->name = path.string();
    state->limits = limits;
    state->fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); // a FIFO must not block us here
    if (state->fd < 0)
        return system_error(errno, "open", path);
    struct stat status {};
    if (fstat(state->fd, &status) != 0)
        return system_error(errno, "stat", path);
    if (!S_ISREG(status.st_mode))
        return Error{Category::refused, state->name + " is not a regular file"};
    if (status.st_size == 0)
        return Error{Category::invalid, state->name + " is empty"};

    auto* buffer = static_cast<unsigned char*>(av_malloc(io_buffer_size));
    state->io = buffer ? avio_alloc_context(buffer, io_buffer_size, 0, &state->fd, read_some, nullptr, seek) : nullptr;
    state->context = avformat_alloc_context();
    if (!state->io || !state->context)
        return Error{Category::refused, "not enough memory to open " + state->name};
    state->context->pb = state->io;
    state->context->flags |= AVFMT_FLAG_CUSTOM_IO;
    state->context->io_open = refuse_other_files;
    state->context->max_analyze_duration = 5 * AV_TIME_BASE;

    AVDictionary* options = nullptr;
    av_dict_set(&options, "format_whitelist", format_whitelist(), 0);
    av_dict_set(&options, "codec_whitelist", codec_whitelist(), 0);
    av_dict_set(&options, "protocol_whitelist", "", 0);
    const int opened = avformat_open_input(&state->context, nullptr, nullptr, &options);
    av_dict_free(&options);
    if (opened < 0) {
        if (opened == AVERROR(EINVAL))
            return Error{Category::refused, state->name + ": not one of the containers that are played here"};
        if (opened == AVERROR_INVALIDDATA)
            return Error{Category::invalid, state->name + ": no video or image can be read in it; it is damaged or of another kind"};
        return error_from(opened, "cannot read " + state->name);
    }
    return Input(std::move(state));
}

Result<Input> Input::open(const Path& path, const Limits& limits, Knowledge wanted) {
    CAPSULE_TRY(input, open_header(path, limits));
    const auto& state = input.m_state;
    // Finding out about the streams decodes several pictures: as long as showing the first one.
    if (wanted == Knowledge::decoder && told_by_container(*state->context))
        return std::move(input);
    state->probed = true;
    std::vector<AVDictionary*> per_stream(state->context->nb_streams, nullptr);
    for (auto& dictionary : per_stream) {
        av_dict_set_int(&dictionary, "max_pixels", limits.max_pixels, 0);
        av_dict_set(&dictionary, "codec_whitelist", codec_whitelist(), 0);
        av_dict_set(&dictionary, "threads", "1", 0);
    }
    const int found = avformat_find_stream_info(state->context, per_stream.empty() ? nullptr : per_stream.data());
    for (auto& dictionary : per_stream)
        av_dict_free(&dictionary);
    if (found < 0)
        return error_from(found, "cannot read the streams of " + state->name);
    return std::move(input);
}

Input::Input(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Input::Input(Input&&) noexcept = default;
Input& Input::operator=(Input&&) noexcept = default;
Input::~Input() = default;

AVFormatContext* Input::context() const { return m_state->context; }
const Limits& Input::limits() const { return m_state->limits; }
bool Input::probed() const { return m_state->probed; }

namespace {
AVStream* first_of(AVFormatContext* context, AVMediaType type) {
    for (unsigned i = 0; i < context->nb_streams; ++i) {
        AVStream* stream = context->streams[i];
        if (stream->codecpar->codec_type == type && !(stream->disposition & AV_DISPOSITION_ATTACHED_PIC))
            return stream;
    }
    return nullptr;
}
} // namespace

AVStream* Input::first_video() const { return first_of(m_state->context, AVMEDIA_TYPE_VIDEO); }
AVStream* Input::first_audio() const { return first_of(m_state->context, AVMEDIA_TYPE_AUDIO); }
AVStream* Input::first_subtitle() const { return first_of(m_state->context, AVMEDIA_TYPE_SUBTITLE); }

void Input::keep_only(const AVStream* a, const AVStream* b, const AVStream* c) {
    for (unsigned i = 0; i < m_state->context->nb_streams; ++i) {
        AVStream* stream = m_state->context->streams[i];
        stream->discard = stream == a || stream == b || stream == c ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }
}

Result<bool> Input::read(Packet& packet) {
    for (;;) {
        const int code = av_read_frame(m_state->context, packet.get());
        if (code >= 0) {
            // The demuxer skips streams that are not kept, but not their packets that it had read to find the streams.
            if (m_state->context->streams[packet->stream_index]->discard < AVDISCARD_ALL)
                return true;
            av_packet_unref(packet.get());
            continue;
        }
        if (code == AVERROR(EAGAIN))
            continue;
        if (code == AVERROR_EOF || avio_feof(m_state->io))
            return false;
        return error_from(code, "cannot read on in " + m_state->name);
    }
}

Result<void> Input::rewind() {
    const std::int64_t start = m_state->context->start_time == AV_NOPTS_VALUE ? 0 : m_state->context->start_time;
    const int code = avformat_seek_file(m_state->context, -1, INT64_MIN, start, start, 0);
    if (code < 0)
        return error_from(code, "cannot go back to the start of " + m_state->name);
    return {};
}

} // namespace capsule::ffmpeg
