#include "player/present/scaler.hpp"

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}
#include <libyuv.h>

namespace capsule {

namespace {

// The formats that only differ in their name from one with a range of its own.
AVPixelFormat without_range(AVPixelFormat format) {
    switch (format) {
    case AV_PIX_FMT_YUVJ420P:
        return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P:
        return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ444P:
        return AV_PIX_FMT_YUV444P;
    case AV_PIX_FMT_YUVJ440P:
        return AV_PIX_FMT_YUV440P;
    case AV_PIX_FMT_YUVJ411P:
        return AV_PIX_FMT_YUV411P;
    default:
        return format;
    }
}

int coefficients_of(ColourMatrix matrix) {
    switch (matrix) {
    case ColourMatrix::bt709:
        return SWS_CS_ITU709;
    case ColourMatrix::bt2020:
        return SWS_CS_BT2020;
    case ColourMatrix::bt601:
        break;
    }
    return SWS_CS_ITU601;
}

struct Form {
    Size from, to;
    AVPixelFormat format = AV_PIX_FMT_NONE;
    ColourMatrix matrix = ColourMatrix::bt601;
    ColourRange range = ColourRange::limited;
    bool operator==(const Form&) const = default;
};

} // namespace

struct Scaler::State {
    SwsContext* context = nullptr;
    Form form; // that the context is made for
    ~State() { sws_freeContext(context); }
};

Scaler::Scaler() : m_state(std::make_unique<State>()) {}
Scaler::~Scaler() = default;

Result<void> Scaler::scale(const VideoFrame& frame, std::uint32_t* out, int pitch, Size size) {
    State& s = *m_state;
    const AVFrame& picture = *frame.decoded;
    const auto format = without_range(static_cast<AVPixelFormat>(picture.format));
    const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(format);
    const bool has_alpha = description && (description->flags & AV_PIX_FMT_FLAG_ALPHA || format == AV_PIX_FMT_PAL8);
    // Not sws_getCachedContext: libswscale adds flags of its own, takes the context for another one at the next frame and makes it anew, at
    // the same address and with the colours that it assumes.
    const Form form{{picture.width, picture.height}, size, format, frame.matrix, frame.range};
    if (!s.context || !(form == s.form)) {
        sws_freeContext(s.context);
        // FFmpeg's own way for colour planes of a picture that keeps its size; enlarging every frame by it would cost too much.
        s.context = sws_getContext(picture.width, picture.height, format, size.width, size.height, has_alpha ? AV_PIX_FMT_BGRA : AV_PIX_FMT_BGR0,
                                   form.from == form.to ? SWS_BICUBIC : SWS_BILINEAR, nullptr, nullptr, nullptr);
        if (!s.context)
            return Error{Category::refused, std::string("pictures of the form ") + (description ? description->name : "unknown") +
                                                " cannot be shown here"};
        sws_setColorspaceDetails(s.context, sws_getCoefficients(coefficients_of(frame.matrix)), frame.range == ColourRange::full,
                                 sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
        s.form = form;
    }
    std::uint8_t* planes[4] = {reinterpret_cast<std::uint8_t*>(out)};
    const int pitches[4] = {pitch};
    if (sws_scale(s.context, picture.data, picture.linesize, 0, picture.height, planes, pitches) < 0)
        return Error{Category::refused, "a picture cannot be converted"};
    if (has_alpha)
        libyuv::ARGBAttenuate(planes[0], pitch, planes[0], pitch, size.width, size.height);
    return {};
}

} // namespace capsule
