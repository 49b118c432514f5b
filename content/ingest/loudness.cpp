#include "content/ingest/loudness.hpp"

#include "content/ingest/voice.hpp"
#include "content/lib/ffmpeg/decoder.hpp"
#include "content/lib/ffmpeg/input.hpp"

#include <ebur128.h>
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libavutil/samplefmt.h>
}

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

namespace capsule::ingest {

namespace {

struct MeterFree {
    void operator()(ebur128_state* state) const { ebur128_destroy(&state); }
};
using Meter = std::unique_ptr<ebur128_state, MeterFree>;

void hear(VoiceMeter& voice, const std::vector<float>& interleaved, std::size_t channels, std::vector<float>& mono) {
    mono.assign(interleaved.size() / channels, 0);
    for (std::size_t i = 0; i < mono.size(); ++i) {
        for (std::size_t channel = 0; channel < channels; ++channel)
            mono[i] += interleaved[i * channels + channel];
        mono[i] /= static_cast<float>(channels);
    }
    voice.add(mono);
}

bool add(ebur128_state* meter, const AVFrame* frame, std::vector<float>& interleaved) {
    const auto channels = static_cast<std::size_t>(frame->ch_layout.nb_channels);
    const auto samples = static_cast<std::size_t>(frame->nb_samples);
    interleaved.resize(channels * samples);
    for (std::size_t channel = 0; channel < channels; ++channel) {
        const auto* plane = reinterpret_cast<const float*>(frame->extended_data[channel]);
        for (std::size_t i = 0; i < samples; ++i)
            interleaved[i * channels + channel] = plane[i];
    }
    return ebur128_add_frames_float(meter, interleaved.data(), samples) == EBUR128_SUCCESS;
}

} // namespace

Result<Loudness> measure_loudness(const Path& file, VoiceMeter* voice) {
    CAPSULE_TRY(input, ffmpeg::Input::open(file));
    AVStream* stream = input.first_audio();
    if (!stream)
        return Error{Category::invalid, file.string() + " has no sound to measure"};
    input.keep_only(stream);
    CAPSULE_TRY(decoder, ffmpeg::Decoder::open(stream, input.limits(), 1));
    Meter meter;
    ffmpeg::Frame frame = ffmpeg::make_frame();
    ffmpeg::Packet packet = ffmpeg::make_packet();
    std::vector<float> interleaved, mono;
    for (bool at_end = false; !at_end;) {
        CAPSULE_TRY(more, input.read(packet));
        at_end = !more;
        (void)decoder.send(at_end ? nullptr : packet.get()); // a damaged packet is as silent here as on the screen
        av_packet_unref(packet.get());
        for (;;) {
            const auto received = decoder.receive(frame);
            if (!received || *received != ffmpeg::Received::frame)
                break;
            if (frame->format != AV_SAMPLE_FMT_FLTP)
                return Error{Category::invalid, file.string() + ": its sound is not in planar floats"};
            if (!meter)
                meter.reset(ebur128_init(static_cast<unsigned>(frame->ch_layout.nb_channels), static_cast<unsigned long>(frame->sample_rate),
                                         EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK));
            if (!meter || frame->ch_layout.nb_channels != static_cast<int>(meter->channels) || !add(meter.get(), frame.get(), interleaved))
                return Error{Category::invalid, file.string() + ": its sound cannot be measured"};
            if (voice)
                hear(*voice, interleaved, meter->channels, mono);
        }
    }
    Loudness loudness;
    if (!meter || ebur128_loudness_global(meter.get(), &loudness.integrated_lufs) != EBUR128_SUCCESS ||
        !std::isfinite(loudness.integrated_lufs))
        return loudness;
    loudness.silent = false;
    double peak = 0;
    for (unsigned channel = 0; channel < meter->channels; ++channel) {
        double of_channel = 0;
        if (ebur128_true_peak(meter.get(), channel, &of_channel) == EBUR128_SUCCESS)
            peak = std::max(peak, of_channel);
    }
    loudness.true_peak_dbtp = 20 * std::log10(std::max(peak, 1e-6));
    return loudness;
}

int house_gain_mdb(const Loudness& loudness) {
    if (loudness.silent)
        return 0;
    const double wanted = std::min(-23.0 - loudness.integrated_lufs, -1.0 - loudness.true_peak_dbtp);
    return static_cast<int>(std::lround(std::clamp(wanted, -12.0, 12.0) * 1000));
}

} // namespace capsule::ingest
