// Simple pictograms, drawn from rounded shapes in two tones so that they are understood from across a room. Our own drawings: none
// is a logo or a State mark. Reentrant.
#pragma once

#include "content/drawing/canvas.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace capsule {

enum class Pictogram {
    key, keys, lock, password, phone, phone_refused, text_size, message, envelope, hook, window, window_checked, stop, shield, bank,
    laptop, laptop_question, laptop_heart, two_people, group, family, speech, speech_question, heart, pin, checklist, papers, signature,
    reception, clock, calendar, undo, gear, toggle, meal, school, home, door, person_card, cursor, lifebuoy, info, together, wrench,
};

struct PictogramColours {
    Colour main;   // the figure
    Colour accent; // what matters in it
    Colour ground; // what it stands on; also its inner lines
};

// Fills the box's largest centred square.
void draw_pictogram(Canvas& canvas, Pictogram pictogram, const Box& box, const PictogramColours& colours);

// "phone-refused" and the like; for tools and tests.
std::optional<Pictogram> pictogram_named(std::string_view name);
const std::vector<std::pair<std::string_view, Pictogram>>& all_pictograms();

} // namespace capsule
