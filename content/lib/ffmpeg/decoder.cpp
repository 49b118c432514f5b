#include "content/lib/ffmpeg/decoder.hpp"

#include "content/lib/ffmpeg/frame_memory.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/buffer.h>
#include <libavutil/dict.h>
}

#include <cerrno>

namespace capsule::ffmpeg {

struct Decoder::State {
    FrameMemory memory;
    AVCodecContext* context = nullptr;
    int device_format = -1;
    ~State() { avcodec_free_context(&context); }
};

namespace {

// Not what the decoder could do instead: that would be slower than a software decoder made for it.
AVPixelFormat only_device_format(AVCodecContext* context, const AVPixelFormat* offered) {
    const int wanted = *static_cast<const int*>(context->opaque);
    for (; *offered != AV_PIX_FMT_NONE; ++offered) {
        if (*offered == wanted)
            return *offered;
    }
    return AV_PIX_FMT_NONE;
}

bool decodes_on(const AVCodec& codec, const DecoderChoice& choice) {
    for (int i = 0; const AVCodecHWConfig* config = avcodec_get_hw_config(&codec, i); ++i) {
        if ((config->methods & AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX) && config->pix_fmt == choice.device_format)
            return true;
    }
    return false;
}

} // namespace

Result<Decoder> Decoder::open(const AVStream* stream, const Limits& limits, int threads, const DecoderChoice& choice) {
    const AVCodec* codec = choice.codec ? avcodec_find_decoder_by_name(choice.codec) : avcodec_find_decoder(stream->codecpar->codec_id);
    if (!codec || (choice.device && !decodes_on(*codec, choice)))
        return Error{Category::refused, std::string("no decoder for ") + avcodec_get_name(stream->codecpar->codec_id) + " here"};
    auto state = std::make_unique<State>();
    state->context = avcodec_alloc_context3(codec);
    if (!state->context)
        return Error{Category::refused, "not enough memory for a decoder"};
    if (const int code = avcodec_parameters_to_context(state->context, stream->codecpar); code < 0)
        return error_from(code, "cannot set up the decoder");
    state->context->pkt_timebase = stream->time_base;
    state->context->max_pixels = limits.max_pixels;
    state->context->thread_count = threads;
    if (choice.device) {
        state->device_format = choice.device_format;
        state->context->opaque = &state->device_format;
        state->context->get_format = &only_device_format;
        state->context->hw_device_ctx = av_buffer_ref(choice.device);
    } else if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO) {
        state->memory.serve(*state->context); // what a device fills, it provides
    }
    // How far pictures are out of order: where the stream itself does not say it, strictness takes the most that its level allows. Otherwise
    // the decoder learns it from pictures that come too late, unless a probe has (see Input).
    if (stream->codecpar->codec_id == AV_CODEC_ID_H264)
        state->context->strict_std_compliance = FF_COMPLIANCE_STRICT;
    AVDictionary* options = nullptr;
    av_dict_set(&options, "codec_whitelist", choice.codec ? choice.codec : codec_whitelist(), 0);
    const int code = avcodec_open2(state->context, codec, &options);
    av_dict_free(&options);
    if (code < 0)
        return error_from(code, std::string("the codec ") + codec->name + " cannot be used");
    return Decoder(std::move(state));
}

Decoder::Decoder(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;
Decoder::~Decoder() = default;

AVCodecContext* Decoder::context() const { return m_state->context; }

Result<void> Decoder::send(const AVPacket* packet) {
    const int code = avcodec_send_packet(m_state->context, packet);
    if (code >= 0 || code == AVERROR_EOF)
        return {};
    return error_from(code, "a packet does not decode");
}

Result<Received> Decoder::receive(Frame& frame) {
    const int code = avcodec_receive_frame(m_state->context, frame.get());
    if (code >= 0)
        return Received::frame;
    if (code == AVERROR(EAGAIN))
        return Received::hungry;
    if (code == AVERROR_EOF)
        return Received::end;
    return error_from(code, "a frame does not decode");
}

void Decoder::flush() { avcodec_flush_buffers(m_state->context); }

} // namespace capsule::ffmpeg
