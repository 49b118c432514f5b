#include "player/media/audio_decoder.hpp"

#include "player/media/frame_properties.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/frame.h>
#include <libswresample/swresample.h>
}

namespace capsule {

struct AudioDecoder::State {
    explicit State(ffmpeg::Decoder d) : decoder(std::move(d)) {}
    ~State() {
        swr_free(&resampler);
        av_channel_layout_uninit(&layout);
    }
    // False when these samples cannot be converted.
    bool fit(AVFrame& samples);
    // Null: what is left in the resampler. Empty when that gives nothing.
    std::optional<AudioBlock> convert(const AVFrame* samples);

    ffmpeg::Decoder decoder;
    ffmpeg::Frame frame = ffmpeg::make_frame();
    const AVStream* stream = nullptr;
    SwrContext* resampler = nullptr;
    int rate = 0, format = -1;
    AVChannelLayout layout{};
    bool ended = false;
    Nanoseconds expected{};
};

bool AudioDecoder::State::fit(AVFrame& samples) {
    if (resampler && samples.sample_rate == rate && samples.format == format &&
        av_channel_layout_compare(&samples.ch_layout, &layout) == 0)
        return true;
    swr_free(&resampler);
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    if (swr_alloc_set_opts2(&resampler, &stereo, AV_SAMPLE_FMT_FLT, audio_rate, &samples.ch_layout,
                            static_cast<AVSampleFormat>(samples.format), samples.sample_rate, 0, nullptr) < 0 ||
        swr_init(resampler) < 0) {
        swr_free(&resampler);
        return false;
    }
    rate = samples.sample_rate;
    format = samples.format;
    av_channel_layout_uninit(&layout);
    return av_channel_layout_copy(&layout, &samples.ch_layout) >= 0;
}

std::optional<AudioBlock> AudioDecoder::State::convert(const AVFrame* samples) {
    if (!resampler)
        return std::nullopt;
    AudioBlock block;
    // The resampler holds back what it needs to see on both sides of a sample.
    const Nanoseconds held_back{swr_get_delay(resampler, 1'000'000'000)};
    const int given = samples ? samples->nb_samples : 0;
    const int room = swr_get_out_samples(resampler, given);
    block.samples.resize(static_cast<std::size_t>(room > 0 ? room : 0) * 2);
    auto* out = reinterpret_cast<std::uint8_t*>(block.samples.data());
    const auto** in = samples ? const_cast<const std::uint8_t**>(samples->extended_data) : nullptr;
    const int made = swr_convert(resampler, &out, room, in, given);
    if (made <= 0)
        return std::nullopt;
    block.samples.resize(static_cast<std::size_t>(made) * 2);
    const auto stated = samples ? timestamp_of(*samples, *stream) : std::nullopt;
    block.pts = stated ? *stated - held_back : expected;
    expected = block.pts + Nanoseconds(static_cast<std::int64_t>(made) * 1'000'000'000 / audio_rate);
    return block;
}

Result<AudioDecoder> AudioDecoder::open(const AVStream* stream, const ffmpeg::Limits& limits) {
    auto decoder = ffmpeg::Decoder::open(stream, limits, 1);
    if (!decoder)
        return decoder.error();
    auto state = std::make_unique<State>(std::move(*decoder));
    state->stream = stream;
    return AudioDecoder(std::move(state));
}

AudioDecoder::AudioDecoder(std::unique_ptr<State> state) : m_state(std::move(state)) {}
AudioDecoder::AudioDecoder(AudioDecoder&&) noexcept = default;
AudioDecoder& AudioDecoder::operator=(AudioDecoder&&) noexcept = default;
AudioDecoder::~AudioDecoder() = default;

void AudioDecoder::send(const AVPacket* packet) {
    if (!m_state->ended && !m_state->decoder.send(packet) && !packet)
        m_state->ended = true;
}

std::optional<AudioBlock> AudioDecoder::receive() {
    State& s = *m_state;
    for (int failures = 0; !s.ended && failures < 100;) {
        const auto received = s.decoder.receive(s.frame);
        if (!received) {
            ++failures;
            continue;
        }
        if (*received == ffmpeg::Received::end) {
            s.ended = true;
            return s.convert(nullptr);
        }
        if (*received != ffmpeg::Received::frame)
            return std::nullopt;
        AVFrame& samples = *s.frame;
        if (samples.nb_samples <= 0 || !s.fit(samples))
            continue;
        auto block = s.convert(&samples);
        av_frame_unref(s.frame.get());
        if (block)
            return block;
    }
    return std::nullopt;
}

bool AudioDecoder::at_end() const { return m_state->ended; }
std::string AudioDecoder::codec() const { return avcodec_get_name(m_state->stream->codecpar->codec_id); }

} // namespace capsule
