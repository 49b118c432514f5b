#include "player/media/frame_properties.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/version.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <array>
#include <cstring>

namespace capsule {

namespace {

constexpr AVRational nanosecond{1, 1'000'000'000};

Orientation from_bytes(const std::uint8_t* bytes, std::size_t size) {
    std::array<std::int32_t, 9> matrix{};
    if (!bytes || size < sizeof matrix)
        return {};
    std::memcpy(matrix.data(), bytes, sizeof matrix);
    return orientation_from_matrix(matrix);
}

ColourMatrix matrix_of(AVColorSpace space) {
    switch (space) {
    case AVCOL_SPC_BT709:
        return ColourMatrix::bt709;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
        return ColourMatrix::bt2020;
    default:
        return ColourMatrix::bt601;
    }
}

bool is_full_range(const AVFrame& picture) {
    switch (picture.format) {
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ444P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ411P:
        return true;
    default:
        return picture.color_range == AVCOL_RANGE_JPEG;
    }
}

} // namespace

Orientation orientation_of(const AVStream& stream) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
    const AVPacketSideData* data = av_packet_side_data_get(stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data,
                                                           AV_PKT_DATA_DISPLAYMATRIX);
    return data ? from_bytes(data->data, data->size) : Orientation{};
#else
    std::size_t size = 0;
    const std::uint8_t* bytes = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    return from_bytes(bytes, size);
#endif
}

void describe(VideoFrame& frame, const AVStream& stream) {
    const AVFrame& picture = *frame.decoded;
    frame.size = {picture.width, picture.height};
    const AVFrameSideData* turned = av_frame_get_side_data(&picture, AV_FRAME_DATA_DISPLAYMATRIX);
    frame.orientation = turned ? from_bytes(turned->data, turned->size) : orientation_of(stream);
    AVRational aspect = stream.sample_aspect_ratio; // the container's word counts, as with FFmpeg's own tools
    if (aspect.num <= 0 || aspect.den <= 0)
        aspect = picture.sample_aspect_ratio;
    frame.pixel_aspect = aspect.num > 0 && aspect.den > 0 ? std::clamp(av_q2d(aspect), 1.0 / 16, 16.0) : 1.0;
    frame.matrix = matrix_of(picture.colorspace);
    frame.range = is_full_range(picture) ? ColourRange::full : ColourRange::limited;
}

Nanoseconds usual_frame(const AVStream& stream) {
    AVRational rate = stream.avg_frame_rate;
    if (rate.num <= 0 || rate.den <= 0 || av_q2d(rate) > 1000)
        rate = stream.r_frame_rate;
    if (rate.num <= 0 || rate.den <= 0 || av_q2d(rate) > 240) // 1000/1 of Matroska is a time base, not a rate
        return Nanoseconds{};
    return Nanoseconds(av_rescale_q(1, av_inv_q(rate), nanosecond));
}

std::optional<Nanoseconds> timestamp_of(const AVFrame& frame, const AVStream& stream) {
    if (frame.best_effort_timestamp == AV_NOPTS_VALUE)
        return std::nullopt;
    return Nanoseconds(av_rescale_q(frame.best_effort_timestamp, stream.time_base, nanosecond));
}

Nanoseconds stated_duration(const AVFrame& frame, const AVStream& stream) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    const std::int64_t duration = frame.duration;
#else
    const std::int64_t duration = frame.pkt_duration;
#endif
    return Nanoseconds(duration > 0 ? av_rescale_q(duration, stream.time_base, nanosecond) : 0);
}

bool is_picture_codec(const AVStream& stream) {
    switch (stream.codecpar->codec_id) {
    case AV_CODEC_ID_PNG:
    case AV_CODEC_ID_APNG:
    case AV_CODEC_ID_MJPEG:
    case AV_CODEC_ID_GIF:
    case AV_CODEC_ID_WEBP:
    case AV_CODEC_ID_BMP:
    case AV_CODEC_ID_TIFF:
        return true;
    default:
        return false;
    }
}

} // namespace capsule
