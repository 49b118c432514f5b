// What stands on one screen of a sample capsule, drawn once: ground, words, pictogram, head and foot. 1920 × 1080, laid out to be read
// at three metres from a 32-inch screen: the message at 84 to 124 pixels, nothing under 44. Reentrant.
#pragma once

#include "content/drawing/canvas.hpp"
#include "content/samples/planes.hpp"
#include "content/samples/staging.hpp"

namespace capsule::samples {

inline constexpr Size frame_size{1920, 1080};
// The ground is this much larger than the frame, so that it can drift.
inline constexpr Size drift_room{128, 72};

// The box that the message must fit, and how it is set.
Box message_box();
TextStyle message_style(const std::string& language);

// Drawn in floating point and dithered, since soft light in 8 bits shows rings.
Planes draw_ground(const Palette& palette);
Picture draw_message(const std::string& text, const std::string& language, const Palette& palette);
// The pictogram on its disc. `down` (a fraction of a pixel, or more) moves it, for movement finer than a pixel.
Picture draw_pictogram_on_disc(Pictogram pictogram, const Palette& palette, double down);
// Title, theme and the empty marks of progress.
Picture draw_frame_texts(const Storyboard& story, std::string_view theme_label, const Palette& palette);
// One filled mark of progress, as on screen `index` of `count`.
Picture draw_mark(const Palette& palette, std::size_t index, std::size_t count);

} // namespace capsule::samples
