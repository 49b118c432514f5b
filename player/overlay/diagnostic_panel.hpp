// The panel that says how the screen is, in the bottom corner, for somebody on site who reads it to somebody on the phone. A pure
// function of its content and a size. Reentrant. Never fails.
#pragma once

#include "content/drawing/picture.hpp"

#include <string>
#include <utility>
#include <vector>

namespace capsule {

struct DiagnosticPanel {
    std::string title; // which screen this is
    std::string state; // one sentence
    std::string code;  // "C10"
    bool well = true;
    std::vector<std::pair<std::string, std::string>> lines; // what, value

    bool operator==(const DiagnosticPanel&) const = default;
};

// With its place on the stage.
PlacedPicture draw_diagnostic_panel(const DiagnosticPanel& panel, Size stage);

} // namespace capsule
