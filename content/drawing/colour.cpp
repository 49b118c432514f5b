#include "content/drawing/colour.hpp"

#include "content/base/srgb.hpp"

#include <algorithm>
#include <cmath>

namespace capsule {

namespace {

double luminance(Colour colour) {
    return 0.2126 * linear_light(colour.red) + 0.7152 * linear_light(colour.green) + 0.0722 * linear_light(colour.blue);
}

std::uint8_t between(std::uint8_t from, std::uint8_t to, double part) {
    return static_cast<std::uint8_t>(std::lround(from + (to - from) * part));
}

} // namespace

Colour mix(Colour from, Colour to, double part) {
    part = std::clamp(part, 0.0, 1.0);
    return {between(from.red, to.red, part), between(from.green, to.green, part), between(from.blue, to.blue, part),
            between(from.alpha, to.alpha, part)};
}

double contrast(Colour a, Colour b) {
    const double first = luminance(a), second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

} // namespace capsule
