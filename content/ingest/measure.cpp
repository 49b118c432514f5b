#include "content/ingest/measure.hpp"

#include "content/base/srgb.hpp"
#include "content/ingest/stillness.hpp"
#include "content/ingest/voice.hpp"
#include "content/lib/ffmpeg/decoder.hpp"
#include "content/lib/ffmpeg/input.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

namespace capsule::ingest {

namespace {

struct ScalerFree {
    void operator()(SwsContext* context) const { sws_freeContext(context); }
};

// Pictures of one file as sRGB, scaled to the size that flashes are counted at.
class Pictures {
public:
    static Result<Pictures> open(const Path& file, int stream) {
        CAPSULE_TRY(input, ffmpeg::Input::open(file));
        if (stream >= static_cast<int>(input.context()->nb_streams))
            return Error{Category::invalid, file.string() + " has changed"};
        const AVStream* video = stream < 0 ? input.first_video() : input.context()->streams[stream];
        if (!video)
            return Error{Category::invalid, file.string() + " has no picture"};
        input.keep_only(video);
        CAPSULE_TRY(decoder, ffmpeg::Decoder::open(video, input.limits(), 2));
        return Pictures(std::move(input), std::move(decoder), video->index);
    }

    // False: at the end. Afterwards `rgb` and `at` are the picture's.
    Result<bool> next() {
        for (;;) {
            const auto received = m_decoder.receive(m_frame);
            if (received && *received == ffmpeg::Received::frame)
                return take();
            if (received && *received == ffmpeg::Received::end)
                return false;
            if (m_drained)
                return false;
            CAPSULE_TRY(more, m_input.read(m_packet));
            m_drained = !more;
            (void)m_decoder.send(more ? m_packet.get() : nullptr); // what is damaged is passed over, as on the screen
            av_packet_unref(m_packet.get());
        }
    }

    const std::uint8_t* rgb() const { return m_rgb.data(); }
    std::size_t stride() const { return static_cast<std::size_t>(m_size.width) * 3; }
    PictureSize size() const { return m_size; }
    Nanoseconds at() const { return m_at; }

private:
    Pictures(ffmpeg::Input input, ffmpeg::Decoder decoder, int stream)
        : m_input(std::move(input)), m_decoder(std::move(decoder)), m_stream(stream), m_frame(ffmpeg::make_frame()),
          m_packet(ffmpeg::make_packet()) {}

    Result<bool> take() {
        const AVStream* stream = m_input.context()->streams[m_stream];
        const AVFrame* frame = m_frame.get();
        if (m_size.width == 0) { // the first picture decides; others are scaled to it
            const AVRational aspect = av_guess_sample_aspect_ratio(m_input.context(), const_cast<AVStream*>(stream), m_frame.get());
            const double wide = frame->width * (aspect.num > 0 && aspect.den > 0 ? std::clamp(av_q2d(aspect), 0.1, 10.0) : 1);
            m_size = FlashMeter::fit({std::max(1, static_cast<int>(std::lround(wide))), frame->height});
            m_rgb.resize(static_cast<std::size_t>(m_size.width) * static_cast<std::size_t>(m_size.height) * 3);
        }
        m_scaler.reset(sws_getCachedContext(m_scaler.release(), frame->width, frame->height, static_cast<AVPixelFormat>(frame->format), m_size.width,
                                            m_size.height, AV_PIX_FMT_RGB24, SWS_AREA | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT, nullptr, nullptr, nullptr));
        if (!m_scaler)
            return Error{Category::invalid, "its pictures cannot be converted"};
        const int matrix = frame->colorspace == AVCOL_SPC_UNSPECIFIED ? (frame->height >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601) : frame->colorspace;
        const bool full = frame->color_range == AVCOL_RANGE_JPEG;
        (void)sws_setColorspaceDetails(m_scaler.get(), sws_getCoefficients(matrix), full, sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
        std::uint8_t* rows[] = {m_rgb.data()};
        const int strides[] = {m_size.width * 3};
        if (sws_scale(m_scaler.get(), frame->data, frame->linesize, 0, frame->height, rows, strides) != m_size.height)
            return Error{Category::invalid, "its pictures cannot be converted"};
        const std::int64_t stamp = frame->best_effort_timestamp;
        const Nanoseconds told{stamp == AV_NOPTS_VALUE ? 0 : av_rescale_q(stamp, stream->time_base, {1, 1'000'000'000})};
        if (m_count++ == 0)
            m_origin = told;
        m_at = std::max(m_at, told - m_origin);
        return true;
    }

    ffmpeg::Input m_input;
    ffmpeg::Decoder m_decoder;
    int m_stream;
    ffmpeg::Frame m_frame;
    ffmpeg::Packet m_packet;
    std::unique_ptr<SwsContext, ScalerFree> m_scaler;
    PictureSize m_size;
    std::vector<std::uint8_t> m_rgb;
    Nanoseconds m_origin{0}, m_at{0};
    std::int64_t m_count = 0;
    bool m_drained = false;
};

void keep_worse(FlashCount& count, const FlashCount& other) {
    if (other.changes > count.changes)
        count = other;
}

Result<FlashReport> flashes_of_master(const Path& master, const Probe& probe) {
    CAPSULE_TRY(pictures, Pictures::open(master, probe.video));
    std::optional<FlashMeter> meter;
    for (;;) {
        CAPSULE_TRY(more, pictures.next());
        if (!more)
            return meter ? meter->report() : FlashReport{};
        if (!meter)
            meter.emplace(pictures.size());
        meter->add(pictures.rgb(), pictures.stride(), pictures.at());
    }
}

double in_thousandths(double value) { return static_cast<double>(std::llround(value * 1000)) / 1000; }

// The two groups of lightness that differ most (Otsu), and WCAG's contrast between their means.
std::optional<double> contrast_of(const std::uint8_t* rgb, std::size_t pixels) {
    std::array<double, 256> histogram{};
    for (std::size_t i = 0; i < pixels; ++i, rgb += 3)
        histogram[static_cast<std::size_t>((rgb[0] * 54 + rgb[1] * 183 + rgb[2] * 19) >> 8)] += 1.0 / static_cast<double>(pixels);
    double best = -1, result = 1;
    for (int split = 1; split < 256; ++split) {
        double dark = 0, light = 0, dark_sum = 0, light_sum = 0, dark_light = 0, light_light = 0;
        for (int code = 0; code < 256; ++code) {
            const double part = histogram[static_cast<std::size_t>(code)];
            (code < split ? dark : light) += part;
            (code < split ? dark_sum : light_sum) += part * code;
            (code < split ? dark_light : light_light) += part * linear_light(static_cast<std::uint8_t>(code));
        }
        if (dark < 0.005 || light < 0.005)
            continue;
        const double apart = light_sum / light - dark_sum / dark, between = dark * light * apart * apart;
        if (between > best) {
            best = between;
            result = (light_light / light + 0.05) / (dark_light / dark + 0.05);
        }
    }
    return best < 0 ? std::nullopt : std::optional(in_thousandths(result));
}

} // namespace

Result<Measured> measure(const Path& made, const Path& master, const Probe& probe, Milliseconds duration, const std::function<void(double)>& progress) {
    Measured measured;
    Measurement& measurement = measured.measurement;
    measurement.kind = probe.kind;
    measurement.duration = duration;
    CAPSULE_TRY(pictures, Pictures::open(made, -1));
    CAPSULE_TRY(first, pictures.next());
    if (!first)
        return Error{Category::invalid, made.string() + ": nothing that can be shown came out of it"};
    if (probe.kind == CapsuleKind::image) {
        measurement.contrast = contrast_of(pictures.rgb(), pictures.stride() / 3 * static_cast<std::size_t>(pictures.size().height));
        return measured;
    }
    FlashMeter flashes(pictures.size());
    StillnessMeter stillness(pictures.size().width, pictures.size().height);
    for (bool more = true; more;) {
        const auto at = std::chrono::duration_cast<Milliseconds>(pictures.at());
        flashes.add(pictures.rgb(), pictures.stride(), pictures.at());
        stillness.add(pictures.rgb(), pictures.stride(), at);
        if (progress && duration.count() > 0)
            progress(std::min(1.0, static_cast<double>(at.count()) / static_cast<double>(duration.count())));
        CAPSULE_TRY(another, pictures.next());
        more = another;
    }
    stillness.finish(duration);
    measurement.flashes = flashes.report();
    measurement.black = stillness.black();
    measurement.frozen = stillness.frozen();
    if (probe.drops_pictures && probe.transfer == Transfer::standard)
        if (const auto of_master = flashes_of_master(master, probe)) { // a damaged end was passed over in the normalised file, too
            keep_worse(measurement.flashes.general, of_master->general);
            keep_worse(measurement.flashes.red, of_master->red);
        }
    for (FlashCount* count : {&measurement.flashes.general, &measurement.flashes.red})
        count->area = in_thousandths(count->area);
    if (probe.audio >= 0) {
        VoiceMeter voice(48'000); // the house profile's rate
        CAPSULE_TRY(loudness, measure_loudness(made, &voice));
        voice.finish();
        measured.loudness = loudness;
        measurement.has_sound = !loudness.silent;
        if (!loudness.silent) {
            measurement.integrated_lufs = in_thousandths(loudness.integrated_lufs);
            measurement.true_peak_dbtp = in_thousandths(loudness.true_peak_dbtp);
            measurement.silent = voice.silent();
            measurement.speech = voice.speech();
        }
    }
    return measured;
}

} // namespace capsule::ingest
