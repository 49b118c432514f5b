#include "content/samples/planes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <libyuv/convert_from.h>
#include <libyuv/planar_functions.h>

namespace capsule::samples {

namespace {

struct Rgb {
    int red, green, blue;
};

// BT.709, limited range, in 1/65536.
std::uint8_t luma(Rgb c) { return static_cast<std::uint8_t>((11966 * c.red + 40254 * c.green + 4064 * c.blue + (16 << 16) + 32768) >> 16); }
std::uint8_t blue_difference(Rgb c) {
    return static_cast<std::uint8_t>((-6596 * c.red - 22189 * c.green + 28784 * c.blue + (128 << 16) + 32768) >> 16);
}
std::uint8_t red_difference(Rgb c) {
    return static_cast<std::uint8_t>((28784 * c.red - 26145 * c.green - 2639 * c.blue + (128 << 16) + 32768) >> 16);
}

Rgb premultiplied(std::uint32_t pixel) {
    return {static_cast<int>(pixel >> 16 & 255), static_cast<int>(pixel >> 8 & 255), static_cast<int>(pixel & 255)};
}

Rgb divided(Rgb sum, int alpha) {
    if (alpha == 0)
        return {0, 0, 0};
    const auto channel = [&](int value) { return std::min(255, (value * 255 + alpha / 2) / alpha); };
    return {channel(sum.red), channel(sum.green), channel(sum.blue)};
}

// The pixels from (left, top), as large as `planes`.
void convert(const Picture& picture, int left, int top, Planes& planes) {
    const int width = planes.size.width, half = width / 2;
    for (int y = 0; y < planes.size.height; y += 2) {
        const std::uint32_t* rows[2] = {picture.row(top + y) + left, picture.row(top + y + 1) + left};
        for (int x = 0; x < width; x += 2) {
            Rgb sum{0, 0, 0};
            int alphas = 0;
            for (int i = 0; i < 4; ++i) {
                const std::uint32_t pixel = rows[i / 2][x + i % 2];
                const int alpha = static_cast<int>(pixel >> 24);
                const Rgb colour = premultiplied(pixel);
                sum = {sum.red + colour.red, sum.green + colour.green, sum.blue + colour.blue};
                alphas += alpha;
                planes.y[static_cast<std::size_t>((y + i / 2) * width + x + i % 2)] = luma(alpha == 255 ? colour : divided(colour, alpha));
            }
            const Rgb mean = divided(sum, alphas);
            planes.u[static_cast<std::size_t>(y / 2 * half + x / 2)] = blue_difference(mean);
            planes.v[static_cast<std::size_t>(y / 2 * half + x / 2)] = red_difference(mean);
        }
    }
}

} // namespace

Planes::Planes(Size s) : size(s) {
    const auto pixels = static_cast<std::size_t>(s.width) * static_cast<std::size_t>(s.height);
    y.resize(pixels);
    u.resize(pixels / 4);
    v.resize(pixels / 4);
}

Planes make_planes(Size size, const std::function<FloatColour(int x, int y)>& colour_at) {
    // Ordered dithering on a 4 × 4 grid: what an eye takes for the mean, and an encoder can still predict.
    static constexpr std::array<float, 16> grid{0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5};
    const auto rounded = [](float value, int x, int y) {
        const float threshold = (grid[static_cast<std::size_t>((y & 3) * 4 + (x & 3))] + 0.5f) / 16;
        return static_cast<std::uint8_t>(std::clamp(value + threshold, 0.0f, 255.0f));
    };
    Planes planes(size);
    const int half = size.width / 2;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const FloatColour c = colour_at(x, y);
            planes.y[static_cast<std::size_t>(y * size.width + x)] =
                rounded(16 + 0.182586f * c.red + 0.614231f * c.green + 0.062007f * c.blue, x, y);
            if ((x & 1) == 0 && (y & 1) == 0) {
                const auto at = static_cast<std::size_t>(y / 2 * half + x / 2);
                planes.u[at] = rounded(128 - 0.100644f * c.red - 0.338572f * c.green + 0.439216f * c.blue, x / 2, y / 2);
                planes.v[at] = rounded(128 + 0.439216f * c.red - 0.398942f * c.green - 0.040274f * c.blue, x / 2, y / 2);
            }
        }
    return planes;
}

Layer to_layer(const Picture& picture) {
    int left = picture.size.width, top = picture.size.height, right = 0, bottom = 0;
    for (int y = 0; y < picture.size.height; ++y)
        for (int x = 0; x < picture.size.width; ++x)
            if (picture.row(y)[x] >> 24 != 0) {
                left = std::min(left, x);
                right = std::max(right, x + 1);
                top = std::min(top, y);
                bottom = std::max(bottom, y + 1);
            }
    Layer layer;
    if (right <= left)
        return layer;
    layer.x = left & ~1;
    layer.y = top & ~1;
    layer.colour = Planes(Size{(right + 1 - layer.x) & ~1, (bottom + 1 - layer.y) & ~1});
    convert(picture, layer.x, layer.y, layer.colour);
    layer.alpha.resize(layer.colour.y.size());
    const int width = layer.colour.size.width;
    for (int y = 0; y < layer.colour.size.height; ++y)
        for (int x = 0; x < width; ++x)
            layer.alpha[static_cast<std::size_t>(y * width + x)] = static_cast<std::uint8_t>(picture.row(layer.y + y)[layer.x + x] >> 24);
    return layer;
}

Picture to_picture(const Planes& planes) {
    Picture picture(planes.size);
    const int width = planes.size.width;
    for (int y = 0; y < planes.size.height; ++y)
        for (int x = 0; x < width; ++x) {
            const auto at = static_cast<std::size_t>(y / 2 * (width / 2) + x / 2);
            const double luminance = 1.164384 * (planes.y[static_cast<std::size_t>(y * width + x)] - 16);
            const double blue = planes.u[at] - 128.0, red = planes.v[at] - 128.0;
            const auto channel = [](double value) { return static_cast<std::uint32_t>(std::clamp(std::lround(value), 0L, 255L)); };
            picture.row(y)[x] = 0xff000000u | channel(luminance + 1.792741 * red) << 16 |
                                channel(luminance - 0.213249 * blue - 0.532909 * red) << 8 | channel(luminance + 2.112402 * blue);
        }
    return picture;
}

void copy_part(const Planes& large, int x, int y, Planes& target) {
    const int wide = large.size.width, width = target.size.width, height = target.size.height;
    const auto chroma = static_cast<std::size_t>(y / 2 * (wide / 2) + x / 2);
    libyuv::CopyPlane(large.y.data() + static_cast<std::size_t>(y * wide + x), wide, target.y.data(), width, width, height);
    libyuv::CopyPlane(large.u.data() + chroma, wide / 2, target.u.data(), width / 2, width / 2, height / 2);
    libyuv::CopyPlane(large.v.data() + chroma, wide / 2, target.v.data(), width / 2, width / 2, height / 2);
}

void cross_fade(Planes& target, const Planes& other, double part) {
    const int weight = static_cast<int>(std::lround(std::clamp(part, 0.0, 1.0) * 256));
    const int width = target.size.width, height = target.size.height;
    if (weight == 0)
        return;
    if (weight == 256) {
        target = other;
        return;
    }
    const auto fade = [&](std::vector<std::uint8_t>& to, const std::vector<std::uint8_t>& from, int w, int h) {
        libyuv::InterpolatePlane(to.data(), w, from.data(), w, to.data(), w, w, h, weight);
    };
    fade(target.y, other.y, width, height);
    fade(target.u, other.u, width / 2, height / 2);
    fade(target.v, other.v, width / 2, height / 2);
}

void Blender::blend(Planes& target, const Layer& layer, int dx, int dy, double opacity, int columns) {
    const int weight = static_cast<int>(std::lround(std::clamp(opacity, 0.0, 1.0) * 256));
    if (weight == 0 || layer.alpha.empty())
        return;
    const int stride = layer.colour.size.width;
    int x = layer.x + (dx & ~1), y = layer.y + (dy & ~1);
    int width = columns < 0 ? stride : std::min(stride, columns & ~1);
    int height = layer.colour.size.height;
    // Cut to the frame.
    const int skip_x = std::max(0, -x), skip_y = std::max(0, -y);
    x += skip_x;
    y += skip_y;
    width = std::min(width - skip_x, target.size.width - x);
    height = std::min(height - skip_y, target.size.height - y);
    if (width <= 0 || height <= 0)
        return;
    const auto from = static_cast<std::size_t>(skip_y * stride + skip_x);
    const auto from_chroma = static_cast<std::size_t>(skip_y / 2 * (stride / 2) + skip_x / 2);
    const std::uint8_t* alpha = layer.alpha.data() + from;
    if (weight < 256) {
        m_alpha.resize(std::max(m_alpha.size(), layer.alpha.size()));
        m_zero.resize(std::max(m_zero.size(), static_cast<std::size_t>(stride)));
        libyuv::InterpolatePlane(m_zero.data(), 0, alpha, stride, m_alpha.data(), stride, width, height, weight);
        alpha = m_alpha.data();
    }
    const int wide = target.size.width;
    auto* to_y = target.y.data() + static_cast<std::size_t>(y * wide + x);
    const auto to_chroma = static_cast<std::size_t>(y / 2 * (wide / 2) + x / 2);
    libyuv::I420Blend(layer.colour.y.data() + from, stride, layer.colour.u.data() + from_chroma, stride / 2,
                      layer.colour.v.data() + from_chroma, stride / 2, to_y, wide, target.u.data() + to_chroma, wide / 2,
                      target.v.data() + to_chroma, wide / 2, alpha, stride, to_y, wide, target.u.data() + to_chroma, wide / 2,
                      target.v.data() + to_chroma, wide / 2, width, height);
}

} // namespace capsule::samples
