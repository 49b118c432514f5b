// How large captions are, from the place where they are read. Pure. Reentrant.
//
// Rule: glyph height = viewing distance / 200 at least (17 minutes of arc; ISO 9241-303 asks 16 at least and 20 for comfort).
// Captions are lower case for the most part, so the wanted size gives that height to the small letters ("x"). A cue that would not
// fit in two lines may shrink until it is the capitals that are that high, and no further: it is then shown in parts.
#pragma once

#include "content/drawing/picture.hpp"

namespace capsule {

struct CaptionSize {
    double em = 0, least_em = 0; // pixels
    bool legible = true;         // false: so small a screen cannot meet the rule at that distance with two lines of a few words
};

// `stage`: pixels of the screen, upright. Kept between a twentieth and a ninth of the shorter side, whatever the rule says.
CaptionSize caption_size(Size stage, int diagonal_mm, int distance_mm);

} // namespace capsule
