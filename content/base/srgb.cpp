#include "content/base/srgb.hpp"

#include <cmath>

namespace capsule {

double linear_light(std::uint8_t code) {
    const double value = code / 255.0;
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

} // namespace capsule
