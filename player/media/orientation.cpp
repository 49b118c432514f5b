#include "player/media/orientation.hpp"

#include <cstdlib>

namespace capsule {

Orientation orientation_from_matrix(const std::array<std::int32_t, 9>& matrix) {
    const std::int64_t a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
    if (a * d - b * c == 0)
        return {}; // no picture would be left
    // A mirror first negates the image of the horizontal axis; take it back to find the turn.
    const bool mirrored = a * d - b * c < 0;
    const std::int64_t right_x = mirrored ? -a : a, right_y = mirrored ? -b : b;
    int turns = 0;
    if (std::llabs(right_x) >= std::llabs(right_y))
        turns = right_x >= 0 ? 0 : 2;
    else
        turns = right_y >= 0 ? 1 : 3;
    return {turns, mirrored};
}

} // namespace capsule
