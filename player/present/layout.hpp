// Where a picture goes on the stage. Pure; reentrant.
#pragma once

#include "content/drawing/picture.hpp"
#include "player/media/orientation.hpp"

namespace capsule {

struct Rectangle {
    int x = 0, y = 0, width = 0, height = 0;
    bool operator==(const Rectangle&) const = default;
};

// The largest rectangle of the picture's proportions in the middle of `stage` (pixels of the display). `picture` and
// `pixel_aspect` are those before turning; `orientation` is the whole turn, file and screen. A side that comes within two pixels of
// the stage's takes all of it: nobody wants a bar of one pixel. Empty when either is.
Rectangle letterbox(Size picture, double pixel_aspect, const Orientation& orientation, Size stage);

// What is left of `stage` inside a margin of that share (0 to 0.1) of each side; even numbers.
Rectangle inside_margin(Size stage, double margin);

// Where `inner` (upright, on a stage of `stage` as people see it) lies in the display's pixels when the screen is turned.
Rectangle turn_within(const Rectangle& inner, Size stage, int quarter_turns);

} // namespace capsule
