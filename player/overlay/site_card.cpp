#include "player/overlay/site_card.hpp"

#include "player/overlay/card_look.hpp"

#include <vector>

namespace capsule {

Picture draw_site_card(const SiteCard& card, Size stage) {
    const double u = look::unit(stage), width = stage.width, height = stage.height;
    const bool landscape = stage.width >= stage.height;
    Canvas canvas(stage);
    look::ground(canvas);
    const double margin = (landscape ? 150 : 84) * u, room = width - 2 * margin;
    struct Part {
        TextBlock block;
        Colour colour;
        double gap; // above
    };
    std::vector<Part> parts;
    double total = 0;
    const auto lay_out_at = [&](double scale) {
        parts.clear();
        total = 0;
        const auto add = [&](const std::string& text, double size, Weight weight, double least, double most_height, Colour colour, double gap) {
            auto style = look::style(size * scale * u, weight, "fr", least * u);
            style.align = Align::centre;
            style.line_spacing = 1.2;
            if (text.empty())
                return;
            parts.push_back({lay_out(text, room, most_height, style), colour, parts.empty() ? 0 : gap * scale * u});
            total += parts.back().gap + parts.back().block.height;
        };
        add(card.name, landscape ? 92 : 84, Weight::bold, 48, height * 0.3, look::text, 0);
        add(card.time, landscape ? 300 : 260, Weight::bold, 120, height * 0.4, look::accent, 20);
        add(card.date, 66, Weight::regular, 40, height * 0.1, look::soft, 0);
        add(card.opening, 76, Weight::bold, 44, height * 0.2, look::text, 64);
        add(card.hours.empty() ? "" : "Aujourd’hui : " + card.hours, 60, Weight::regular, 38, height * 0.2, look::soft, 14);
    };
    // A long name and long hours leave less to each.
    for (double scale = 1; scale > 0.55; scale -= 0.08) {
        lay_out_at(scale);
        if (total <= height * 0.9)
            break;
    }
    double y = (height - total) / 2;
    for (const Part& part : parts) {
        y += part.gap;
        canvas.text(part.block, {margin, y, room, part.block.height}, part.colour);
        y += part.block.height;
    }
    return canvas.copy();
}

} // namespace capsule
