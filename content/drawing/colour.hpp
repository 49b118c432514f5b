// Colours as people write them, and the contrast between two of them. Reentrant.
#pragma once

#include <cstdint>

namespace capsule {

// Not premultiplied, sRGB.
struct Colour {
    std::uint8_t red = 0, green = 0, blue = 0, alpha = 255;

    // 0xRRGGBB.
    static constexpr Colour rgb(std::uint32_t value) {
        return {static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value), 255};
    }
    // The same colour, `opacity` from 0 to 1.
    constexpr Colour faded(double opacity) const {
        return {red, green, blue, static_cast<std::uint8_t>(static_cast<double>(alpha) * opacity + 0.5)};
    }
    bool operator==(const Colour&) const = default;
};

inline constexpr Colour white = Colour::rgb(0xffffff);
inline constexpr Colour black = Colour::rgb(0x000000);

// `from` at 0, `to` at 1, in between mixed.
Colour mix(Colour from, Colour to, double part);
// WCAG 2's contrast ratio of two opaque colours, 1 to 21.
double contrast(Colour a, Colour b);

} // namespace capsule
