#include "player/present/frame_painter.hpp"

#include "player/present/enlarger.hpp"
#include "player/present/scaler.hpp"

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
}
#include <libyuv.h>
#include <libyuv/row.h> // the inside of YuvConstants

#include <algorithm>

namespace capsule {

namespace {

// On x86 libyuv rounds the share of blue in U down to 2.0 (limited range: 2.018, 2.112, 2.142), which takes up to 14 steps from a
// saturated blue. The instructions can do better: their factor is a byte of 64ths.
template <typename Constants>
Constants with_blue(Constants constants, [[maybe_unused]] int sixtyfourths) {
    if constexpr (requires { constants.kUVToB[0]; }) {
        for (auto& factor : constants.kUVToB) {
            if (factor == 128)
                factor = static_cast<std::uint8_t>(sixtyfourths);
        }
    }
    return constants;
}

const libyuv::YuvConstants& constants_of(const VideoFrame& frame) {
    alignas(32) static const libyuv::YuvConstants limited_601 = with_blue(libyuv::kYuvI601Constants, 129);
    alignas(32) static const libyuv::YuvConstants limited_709 = with_blue(libyuv::kYuvH709Constants, 135);
    alignas(32) static const libyuv::YuvConstants limited_2020 = with_blue(libyuv::kYuv2020Constants, 137);
    const bool full = frame.range == ColourRange::full;
    switch (frame.matrix) {
    case ColourMatrix::bt709:
        return full ? libyuv::kYuvF709Constants : limited_709;
    case ColourMatrix::bt2020:
        return full ? libyuv::kYuvV2020Constants : limited_2020;
    case ColourMatrix::bt601:
        break;
    }
    return full ? libyuv::kYuvJPEGConstants : limited_601;
}

// A 4:2:0 picture of our own, its buffer kept from frame to frame.
class PlaneBuffer {
public:
    void fit(Size size) {
        m_size = size;
        m_chroma = {(size.width + 1) / 2, (size.height + 1) / 2};
        m_bytes.resize(area(m_size) + 2 * area(m_chroma));
    }
    std::uint8_t* y() { return m_bytes.data(); }
    std::uint8_t* u() { return y() + area(m_size); }
    std::uint8_t* v() { return u() + area(m_chroma); }
    int y_pitch() const { return m_size.width; }
    int chroma_pitch() const { return m_chroma.width; }
    Planes planes() { return {y(), u(), v(), y_pitch(), chroma_pitch(), chroma_pitch(), m_size}; }

private:
    static std::size_t area(Size size) { return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height); }
    Size m_size, m_chroma;
    std::vector<std::uint8_t> m_bytes;
};

std::uint8_t* at(const PixelTarget& target, int x, int y) {
    return reinterpret_cast<std::uint8_t*>(target.pixels) + static_cast<std::ptrdiff_t>(y) * target.pitch + 4 * x;
}

libyuv::RotationMode mode_of(int quarter_turns) {
    constexpr libyuv::RotationMode modes[] = {libyuv::kRotate0, libyuv::kRotate90, libyuv::kRotate180, libyuv::kRotate270};
    return modes[quarter_turns & 3];
}

} // namespace

struct FramePainter::State {
    PlaneBuffer scaled, mirrored, rotated;
    std::vector<std::uint32_t> whole, mirror; // 32-bit pictures in between
    Scaler scaler;
    Enlarger enlarger;

    Planes scale(const Planes& from, Size to, PlaneBuffer& into);
    Planes turn(const Planes& from, const Orientation& turn);
    void draw_planes(Planes planes, const libyuv::YuvConstants& constants, const Orientation& turn, std::uint8_t* out, int pitch,
                     Size place);
    void draw_pixels(const std::uint32_t* pixels, int pixels_pitch, Size size, const Orientation& turn, std::uint8_t* out, int pitch,
                     Size place);
    void turn_pixels(const std::uint8_t* pixels, int pixels_pitch, Size size, const Orientation& turn, std::uint8_t* out, int pitch);
    Result<void> draw_other(const VideoFrame& frame, const Orientation& turn, std::uint8_t* out, int pitch, Size place);
};

FramePainter::FramePainter() : m_state(std::make_unique<State>()) {}
FramePainter::~FramePainter() = default;

Planes FramePainter::State::scale(const Planes& from, Size to, PlaneBuffer& into) {
    into.fit(to);
    // More than halved, a bilinear filter would skip lines.
    const bool much = from.size.width > 2 * to.width || from.size.height > 2 * to.height;
    libyuv::I420Scale(from.y, from.y_pitch, from.u, from.u_pitch, from.v, from.v_pitch, from.size.width, from.size.height, into.y(),
                      into.y_pitch(), into.u(), into.chroma_pitch(), into.v(), into.chroma_pitch(), to.width, to.height,
                      much ? libyuv::kFilterBox : libyuv::kFilterBilinear);
    return into.planes();
}

Planes FramePainter::State::turn(const Planes& from, const Orientation& how) {
    Planes planes = from;
    if (how.mirrored) {
        mirrored.fit(planes.size);
        libyuv::I420Mirror(planes.y, planes.y_pitch, planes.u, planes.u_pitch, planes.v, planes.v_pitch, mirrored.y(),
                           mirrored.y_pitch(), mirrored.u(), mirrored.chroma_pitch(), mirrored.v(), mirrored.chroma_pitch(),
                           planes.size.width, planes.size.height);
        planes = mirrored.planes();
    }
    if (how.quarter_turns) {
        rotated.fit(Orientation{how.quarter_turns, false}.applied_to(planes.size));
        libyuv::I420Rotate(planes.y, planes.y_pitch, planes.u, planes.u_pitch, planes.v, planes.v_pitch, rotated.y(),
                           rotated.y_pitch(), rotated.u(), rotated.chroma_pitch(), rotated.v(), rotated.chroma_pitch(),
                           planes.size.width, planes.size.height, mode_of(how.quarter_turns));
        planes = rotated.planes();
    }
    return planes;
}

void FramePainter::State::draw_planes(Planes planes, const libyuv::YuvConstants& constants, const Orientation& how, std::uint8_t* out,
                                int pitch, Size place) {
    // Turning costs by the pixel: before enlarging, after reducing.
    const Size unturned = how.applied_to(place);
    const bool smaller = unturned.width <= planes.size.width && unturned.height <= planes.size.height;
    if (!how.upright()) {
        if (smaller && !(unturned == planes.size))
            planes = scale(planes, unturned, scaled);
        planes = turn(planes, how);
    }
    const auto convert = [&constants](const Planes& p, std::uint8_t* to, int to_pitch) {
        libyuv::I420ToARGBMatrix(p.y, p.y_pitch, p.u, p.u_pitch, p.v, p.v_pitch, to, to_pitch, &constants, p.size.width,
                                 p.size.height);
    };
    if (planes.size == place)
        return convert(planes, out, pitch);
    if (Enlarger::can(planes.size, place))
        return enlarger.draw(planes, constants, out, pitch, place);
    const bool doubled = place.width == 2 * planes.size.width && place.height == 2 * planes.size.height;
    if (doubled || (place.width <= planes.size.width && place.height <= planes.size.height))
        return convert(scale(planes, place, scaled), out, pitch);
    // Enlarged by an odd factor: quicker after the conversion than on three planes.
    whole.resize(static_cast<std::size_t>(planes.size.width) * static_cast<std::size_t>(planes.size.height));
    auto* pixels = reinterpret_cast<std::uint8_t*>(whole.data());
    convert(planes, pixels, planes.size.width * 4);
    libyuv::ARGBScale(pixels, planes.size.width * 4, planes.size.width, planes.size.height, out, pitch, place.width, place.height,
                      libyuv::kFilterBilinear);
}

void FramePainter::State::turn_pixels(const std::uint8_t* pixels, int pixels_pitch, Size size, const Orientation& how, std::uint8_t* out,
                                int pitch) {
    if (how.mirrored) {
        mirror.resize(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height));
        auto* into = reinterpret_cast<std::uint8_t*>(mirror.data());
        libyuv::ARGBMirror(pixels, pixels_pitch, into, size.width * 4, size.width, size.height);
        pixels = into;
        pixels_pitch = size.width * 4;
    }
    libyuv::ARGBRotate(pixels, pixels_pitch, out, pitch, size.width, size.height, mode_of(how.quarter_turns));
}

void FramePainter::State::draw_pixels(const std::uint32_t* pixels, int pixels_pitch, Size size, const Orientation& how, std::uint8_t* out,
                                int pitch, Size place) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(pixels);
    const Size unturned = how.applied_to(place);
    std::vector<std::uint32_t> resized;
    if (!(size == unturned)) {
        resized.resize(static_cast<std::size_t>(unturned.width) * static_cast<std::size_t>(unturned.height));
        auto* into = reinterpret_cast<std::uint8_t*>(resized.data());
        libyuv::ARGBScale(bytes, pixels_pitch, size.width, size.height, into, unturned.width * 4, unturned.width, unturned.height,
                          libyuv::kFilterBox);
        bytes = into;
        pixels_pitch = unturned.width * 4;
    }
    turn_pixels(bytes, pixels_pitch, unturned, how, out, pitch);
}

Result<void> FramePainter::State::draw_other(const VideoFrame& frame, const Orientation& how, std::uint8_t* out, int pitch, Size place) {
    const Size unturned = how.applied_to(place);
    if (how.upright())
        return scaler.scale(frame, reinterpret_cast<std::uint32_t*>(out), pitch, place);
    whole.resize(static_cast<std::size_t>(unturned.width) * static_cast<std::size_t>(unturned.height));
    CAPSULE_CHECK(scaler.scale(frame, whole.data(), unturned.width * 4, unturned));
    turn_pixels(reinterpret_cast<const std::uint8_t*>(whole.data()), unturned.width * 4, unturned, how, out, pitch);
    return {};
}

Result<void> FramePainter::draw(const VideoFrame& frame, const Orientation& turn, const PixelTarget& target, const Rectangle& where) {
    if (where.width <= 0 || where.height <= 0)
        return {};
    std::uint8_t* out = at(target, where.x, where.y);
    const Size place{where.width, where.height};
    if (frame.drawn) {
        if (!frame.drawn->pixels.empty())
            m_state->draw_pixels(frame.drawn->pixels.data(), frame.drawn->size.width * 4, frame.drawn->size, turn, out, target.pitch,
                                 place);
        return {};
    }
    const AVFrame& picture = *frame.decoded;
    const bool planar_420 = picture.format == AV_PIX_FMT_YUV420P || picture.format == AV_PIX_FMT_YUVJ420P;
    if (!planar_420 || picture.linesize[0] <= 0)
        return m_state->draw_other(frame, turn, out, target.pitch, place);
    m_state->draw_planes({picture.data[0], picture.data[1], picture.data[2], picture.linesize[0], picture.linesize[1],
                          picture.linesize[2], Size{picture.width, picture.height}},
                         constants_of(frame), turn, out, target.pitch, place);
    return {};
}

void FramePainter::blend(const Picture& overlay, int x, int y, const PixelTarget& target) {
    const int left = std::max(0, -x), top = std::max(0, -y);
    const int width = std::min(overlay.size.width, target.size.width - x) - left;
    const int height = std::min(overlay.size.height, target.size.height - y) - top;
    if (width <= 0 || height <= 0)
        return;
    const auto* from = reinterpret_cast<const std::uint8_t*>(overlay.row(top) + left);
    std::uint8_t* to = at(target, x + left, y + top);
    libyuv::ARGBBlend(from, overlay.size.width * 4, to, target.pitch, to, target.pitch, width, height);
}

Picture FramePainter::turned(const Picture& picture, int quarter_turns) {
    Picture result(Orientation{quarter_turns, false}.applied_to(picture.size));
    m_state->turn_pixels(reinterpret_cast<const std::uint8_t*>(picture.pixels.data()), picture.size.width * 4, picture.size,
                         {quarter_turns, false}, reinterpret_cast<std::uint8_t*>(result.pixels.data()), result.size.width * 4);
    return result;
}

void FramePainter::clear_around(const Rectangle& keep, const PixelTarget& target) {
    const auto black = [&target](int x, int y, int width, int height) {
        if (width > 0 && height > 0)
            libyuv::ARGBRect(reinterpret_cast<std::uint8_t*>(target.pixels), target.pitch, x, y, width, height, 0xff000000U);
    };
    black(0, 0, target.size.width, keep.y);
    black(0, keep.y + keep.height, target.size.width, target.size.height - keep.y - keep.height);
    black(0, keep.y, keep.x, keep.height);
    black(keep.x + keep.width, keep.y, target.size.width - keep.x - keep.width, keep.height);
}

} // namespace capsule
