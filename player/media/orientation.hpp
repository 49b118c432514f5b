// How a picture has to be turned before it is looked at: one of the eight ways to lay a rectangle. Reentrant.
#pragma once

#include "content/drawing/picture.hpp"

#include <array>
#include <cstdint>

namespace capsule {

// First mirrored left to right, then turned clockwise.
struct Orientation {
    int quarter_turns = 0; // 0 to 3
    bool mirrored = false;

    bool upright() const { return quarter_turns == 0 && !mirrored; }
    bool swaps_sides() const { return quarter_turns % 2 == 1; }
    Size applied_to(Size size) const { return swaps_sides() ? Size{size.height, size.width} : size; }
    // The same, turned further (as a screen that hangs on its side asks for).
    Orientation then_turned(int turns) const { return {(quarter_turns + turns) % 4, mirrored}; }
    bool operator==(const Orientation&) const = default;
};

// The nearest orientation to a display matrix as containers carry it (ISO/IEC 14496-12, 8.3.2: nine numbers, a b u c d v x y w;
// a point (p, q) goes to (a·p + c·q, b·p + d·q), y downward). Angles in between are not shown: the nearest quarter is taken.
Orientation orientation_from_matrix(const std::array<std::int32_t, 9>& matrix);

} // namespace capsule
