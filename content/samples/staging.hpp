// How a storyboard looks: its colours, a pictogram for each of its screens, the words at its foot. Reentrant values.
#pragma once

#include "content/drawing/colour.hpp"
#include "content/drawing/pictogram.hpp"
#include "content/samples/storyboard.hpp"

#include <string_view>
#include <vector>

namespace capsule::samples {

// Colours of one kind of screen. Texts on `ground` and `ground_end` have a contrast of at least 7.
struct Palette {
    Colour ground, ground_end; // corner to corner
    Colour glow;               // of the lights that drift
    Colour disc;               // behind the pictogram
    Colour figure, accent;     // of the pictogram
    Colour text, soft;         // the message; title and foot
    Colour mark;               // bar beside the title, progress
};

struct Staging {
    Palette calm;    // all screens but the last
    Palette call;    // the last one, which says what to do
    std::vector<Pictogram> pictograms; // one per screen
    std::string_view theme_label;
};

// For a storyboard that is not among the shipped ones: the theme's colours and a general pictogram.
Staging staging_of(const Storyboard& story);

} // namespace capsule::samples
