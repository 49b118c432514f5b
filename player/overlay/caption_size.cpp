#include "player/overlay/caption_size.hpp"

#include <algorithm>
#include <cmath>

namespace capsule {

namespace {
// Of Noto Sans, in em.
constexpr double small_letter = 0.536, capital = 0.714;
} // namespace

CaptionSize caption_size(Size stage, int diagonal_mm, int distance_mm) {
    const double pixels_per_mm = std::hypot(stage.width, stage.height) / std::max(1, diagonal_mm);
    const double glyph = distance_mm / 200.0 * pixels_per_mm, shorter = std::min(stage.width, stage.height);
    CaptionSize size;
    size.em = std::clamp(glyph / small_letter, shorter / 20, shorter / 9);
    size.least_em = std::clamp(glyph / capital, size.em * 0.75, size.em);
    size.legible = size.least_em >= glyph / capital - 0.01;
    return size;
}

} // namespace capsule
