#include "content/ingest/probe.hpp"

#include "content/lib/ffmpeg/decoder.hpp"
#include "content/lib/ffmpeg/input.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
}

#include <cmath>
#include <numeric>

namespace capsule::ingest {

namespace {

// Packets to look through for a first picture: ten seconds of a busy file.
constexpr int most_packets = 2000;
constexpr unsigned most_streams = 64;

double value(Rate rate) { return rate.denominator > 0 ? static_cast<double>(rate.numerator) / rate.denominator : 0; }

Error no_picture(const Path& master, const std::string& why) { return {Category::refused, master.string() + ": " + why}; }

std::string codec_name(const AVCodecParameters* parameters) {
    if (parameters->codec_id != AV_CODEC_ID_NONE)
        return avcodec_get_name(parameters->codec_id);
    char tag[AV_FOURCC_MAX_STRING_SIZE] = {};
    return av_fourcc_make_string(tag, parameters->codec_tag);
}

struct FirstPicture {
    ffmpeg::Frame frame;
    int packets_of_video = 0;
};

Result<FirstPicture> first_picture(ffmpeg::Input& input, AVStream* stream, const Path& master) {
    auto decoder_or_error = ffmpeg::Decoder::open(stream, input.limits(), 1);
    if (!decoder_or_error)
        return no_picture(master, "its picture cannot be decoded: " + decoder_or_error.error().message);
    ffmpeg::Decoder& decoder = *decoder_or_error;
    FirstPicture found{ffmpeg::make_frame(), 0};
    ffmpeg::Packet packet = ffmpeg::make_packet();
    std::string last_error = "it has no packets";
    for (int count = 0; count < most_packets; ++count) {
        auto more = input.read(packet);
        const bool at_end = !more || !*more;
        if (!at_end && packet->stream_index != stream->index) {
            av_packet_unref(packet.get());
            continue;
        }
        found.packets_of_video += at_end ? 0 : 1;
        const auto sent = decoder.send(at_end ? nullptr : packet.get());
        av_packet_unref(packet.get());
        if (!sent)
            last_error = sent.error().message;
        const auto received = decoder.receive(found.frame);
        if (received && *received == ffmpeg::Received::frame)
            return found;
        if (!received)
            last_error = received.error().message;
        if (at_end)
            break;
    }
    return no_picture(master, "no picture in it can be decoded, it is damaged or has more than " +
                                  std::to_string(input.limits().max_pixels / 1'000'000) + " million pixels (" + last_error + ")");
}

bool is_picture_format(const std::string& format) { return format.ends_with("_pipe"); }

// Whether a second picture follows; for containers that hold either.
bool is_single(ffmpeg::Input& input, const AVStream* stream, int packets) {
    ffmpeg::Packet packet = ffmpeg::make_packet();
    for (int count = 0; packets < 2 && count < most_packets; ++count) {
        const auto more = input.read(packet);
        if (!more || !*more)
            break;
        packets += packet->stream_index == stream->index;
        av_packet_unref(packet.get());
    }
    return packets < 2;
}

std::string matrix_of(const AVFrame* frame) {
    switch (frame->colorspace) {
    case AVCOL_SPC_BT709:
        return "bt709";
    case AVCOL_SPC_FCC:
        return "fcc";
    case AVCOL_SPC_SMPTE240M:
        return "smpte240m";
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
        return "bt2020";
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
        return "smpte170m";
    default: // not said: by size, as players do
        return frame->height >= 720 || frame->width >= 1280 ? "bt709" : "smpte170m";
    }
}

void choose_sound(Probe& probe, ffmpeg::Input& input) {
    const AVStream* audio = input.first_audio();
    if (!audio)
        return;
    if (audio->codecpar->sample_rate <= 0 || !ffmpeg::Decoder::open(audio, input.limits(), 1)) {
        probe.warnings.push_back("its sound (" + codec_name(audio->codecpar) + ") cannot be decoded here: the capsule is silent");
        return;
    }
    probe.audio = audio->index;
}

} // namespace

Rate house_rate(Rate average, Rate base) {
    static constexpr Rate usual[] = {{10, 1}, {12, 1}, {25, 2}, {15, 1}, {20, 1}, {24000, 1001}, {24, 1}, {25, 1}, {30000, 1001}, {30, 1}};
    Rate rate = value(average) > 0 ? average : base;
    // A steady file: its base rate is exact where the average is off by rounding.
    if (value(base) > 0 && std::abs(value(base) / value(rate) - 1) < 0.01)
        rate = base;
    double wanted = value(rate);
    if (!(wanted > 0))
        return {25, 1};
    if (wanted < 1)
        return {1, 1};
    int every = 1;
    while (wanted / every > 30.01)
        ++every;
    wanted /= every;
    for (const Rate& candidate : usual) // 0.04 % tells 29.97 from 30
        if (std::abs(wanted / value(candidate) - 1) < 0.0004)
            return candidate;
    // An unsteady one (a telephone's), or one measured over a few pictures: the usual rate just above, which loses nothing.
    for (const Rate& candidate : usual)
        if (wanted <= value(candidate) * 1.0004 && (rate != base || wanted > value(candidate) * 0.975))
            return candidate;
    const int thousandths = static_cast<int>(std::lround(wanted * 1000));
    const int common = std::gcd(thousandths, 1000);
    return {thousandths / common, 1000 / common};
}

Result<Probe> probe(const Path& master) {
    CAPSULE_TRY(input, ffmpeg::Input::open(master));
    AVFormatContext* context = input.context();
    Probe probe;
    probe.format = std::string(context->iformat->name).substr(0, std::string(context->iformat->name).find(','));
    if (context->nb_streams > most_streams)
        return no_picture(master, "it has " + std::to_string(context->nb_streams) + " streams, at most " + std::to_string(most_streams) + " are taken");
    AVStream* video = input.first_video();
    if (!video)
        return no_picture(master, input.first_audio() ? "it holds sound only, no picture" : "it holds no picture");
    probe.video = video->index;
    probe.codec = codec_name(video->codecpar);
    if (video->codecpar->codec_id == AV_CODEC_ID_NONE)
        return no_picture(master, "its picture is coded as \"" + probe.codec + "\", which is not known here");
    const std::int64_t pixels = std::int64_t{video->codecpar->width} * video->codecpar->height;
    if (pixels > input.limits().max_pixels)
        return no_picture(master, "its picture is " + std::to_string(video->codecpar->width) + " × " +
                                      std::to_string(video->codecpar->height) + ": more than " +
                                      std::to_string(input.limits().max_pixels / 1'000'000) + " million pixels");
    choose_sound(probe, input);
    CAPSULE_TRY(first, first_picture(input, video, master));
    const AVFrame* frame = first.frame.get();
    probe.width = frame->width;
    probe.height = frame->height;
    probe.rate = house_rate({video->avg_frame_rate.num, video->avg_frame_rate.den}, {video->r_frame_rate.num, video->r_frame_rate.den});
    const double own = std::max(av_q2d(video->avg_frame_rate.den > 0 ? video->avg_frame_rate : AVRational{0, 1}),
                                av_q2d(video->r_frame_rate.den > 0 ? video->r_frame_rate : AVRational{0, 1}));
    probe.drops_pictures = own > value(probe.rate) * 1.02;
    probe.maybe_interlaced = video->codecpar->field_order != AV_FIELD_PROGRESSIVE;
    probe.transfer = frame->color_trc == AVCOL_TRC_SMPTE2084      ? Transfer::pq
                     : frame->color_trc == AVCOL_TRC_ARIB_STD_B67 ? Transfer::hlg
                                                                  : Transfer::standard;
    probe.matrix = matrix_of(frame);
    const bool single = is_picture_format(probe.format) || is_single(input, video, first.packets_of_video);
    probe.kind = single && probe.audio < 0 ? CapsuleKind::image : CapsuleKind::video;
    if (context->duration > 0 && context->duration < 24LL * 3600 * AV_TIME_BASE)
        probe.duration = Milliseconds{context->duration / 1000};
    if (video->duration > 0 && probe.duration.count() > 0) {
        const std::int64_t length = av_rescale_q(video->duration, video->time_base, {1, 1000});
        const std::int64_t begin = video->start_time == AV_NOPTS_VALUE ? 0 : av_rescale_q(video->start_time, video->time_base, {1, 1000});
        const std::int64_t origin = context->start_time == AV_NOPTS_VALUE ? begin : context->start_time / 1000;
        const Milliseconds end{length + std::max<std::int64_t>(begin - origin, 0)};
        if (end <= probe.duration + std::chrono::seconds{1})
            probe.picture_end = end;
    }
    return probe;
}

} // namespace capsule::ingest
