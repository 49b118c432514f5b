#include "player/overlay/diagnostic_panel.hpp"

#include "player/overlay/card_look.hpp"

#include <cmath>

namespace capsule {

PlacedPicture draw_diagnostic_panel(const DiagnosticPanel& panel, Size stage) {
    const double u = look::unit(stage);
    const double width = std::min(stage.width * 0.94, 1040 * u), margin = 40 * u, row = 54 * u, head = 190 * u;
    const double height = std::min(stage.height * 0.94, head + row * static_cast<double>(panel.lines.size()) + margin);
    Canvas canvas(Size{static_cast<int>(width), static_cast<int>(height)});
    canvas.rounded({0, 0, std::floor(width), std::floor(height)}, 28 * u).fill(look::deeper);
    const Colour signal = panel.well ? Colour::rgb(0x7fd6a4) : look::accent;
    const Box code{width - margin - 200 * u, 36 * u, 200 * u, 96 * u};
    canvas.rounded(code, 20 * u).fill(signal);
    auto big = look::style(64 * u, Weight::bold, "fr", 24 * u);
    big.align = Align::centre;
    big.place = Place::middle;
    big.most_lines = 1;
    canvas.text(panel.code, code, big, look::ink);
    auto title = look::style(46 * u, Weight::bold, "fr", 24 * u);
    title.most_lines = 1;
    title.place = Place::middle;
    canvas.text(panel.title, {margin, 30 * u, code.x - 2 * margin, 62 * u}, title, look::text);
    auto state = look::style(36 * u, Weight::regular, "fr", 22 * u);
    state.most_lines = 2;
    state.place = Place::middle;
    canvas.text(panel.state, {margin, 96 * u, code.x - 2 * margin, 84 * u}, state, signal);
    double y = head;
    auto small = look::style(32 * u, Weight::regular, "fr", 16 * u);
    small.most_lines = 1;
    small.place = Place::middle;
    for (const auto& [what, value] : panel.lines) {
        canvas.text(what, {margin, y, 300 * u, row}, small, look::soft);
        canvas.text(value, {margin + 310 * u, y, width - 2 * margin - 310 * u, row}, small, look::text);
        y += row;
    }
    PlacedPicture placed{0, 0, canvas.copy()};
    placed.x = (stage.width - placed.picture.size.width) - static_cast<int>(30 * u);
    placed.y = (stage.height - placed.picture.size.height) - static_cast<int>(30 * u);
    placed.x = std::max(0, placed.x);
    placed.y = std::max(0, placed.y);
    return placed;
}

} // namespace capsule
