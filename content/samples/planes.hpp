// Pictures in the form that the encoder takes: Y, U and V planes, 4:2:0, BT.709 limited range; and layers of it with an alpha plane,
// so that a frame is put together without converting colours anew. Reentrant. Sizes and places are even.
#pragma once

#include "content/drawing/picture.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace capsule::samples {

struct Planes {
    Size size;
    std::vector<std::uint8_t> y, u, v; // without padding

    Planes() = default;
    explicit Planes(Size s);
};

struct Layer {
    int x = 0, y = 0; // in the frame
    Planes colour;    // not premultiplied
    std::vector<std::uint8_t> alpha;
};

// A colour of 0 to 255 per channel, finer than a byte can say.
struct FloatColour {
    float red = 0, green = 0, blue = 0;
};
// The picture whose colour at (x, y) `colour_at` tells, dithered.
Planes make_planes(Size size, const std::function<FloatColour(int x, int y)>& colour_at);
// The smallest part of the picture that is not transparent.
Layer to_layer(const Picture& picture);
// For looking at a frame.
Picture to_picture(const Planes& planes);

// The part of `large` at (x, y) becomes the whole of `target`.
void copy_part(const Planes& large, int x, int y, Planes& target);
// target = target · (1 − part) + other · part, for 0 ≤ part ≤ 1.
void cross_fade(Planes& target, const Planes& other, double part);

// Lays a layer over the target: moved by (dx, dy), its alpha times `opacity`; only the first `columns` of it when that is not negative.
class Blender {
public:
    void blend(Planes& target, const Layer& layer, int dx, int dy, double opacity, int columns = -1);

private:
    std::vector<std::uint8_t> m_alpha, m_zero;
};

} // namespace capsule::samples
