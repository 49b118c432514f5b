// The light of sRGB values. Reentrant.
#pragma once

#include <cstdint>

namespace capsule {

// Of one channel, 0 to 1, as WCAG 2.2 takes it for relative luminance and contrast (IEC 61966-2-1).
double linear_light(std::uint8_t code);

} // namespace capsule
