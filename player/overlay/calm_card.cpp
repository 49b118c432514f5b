#include "player/overlay/cards.hpp"

#include "content/drawing/pictogram.hpp"
#include "player/overlay/card_look.hpp"
#include "player/overlay/card_texts.hpp"

#include <cmath>

namespace capsule {

Picture draw_calm_card(const CalmCard& card, Size stage) {
    const double u = look::unit(stage), width = stage.width, height = stage.height;
    const auto& says = card_texts(card.language);
    const std::string language(says.language);
    Canvas canvas(stage);
    look::ground(canvas);

    const double margin = (stage.width >= stage.height ? 150 : 90) * u;
    auto headline = look::style(108 * u, Weight::bold, card.language, 56 * u);
    headline.line_spacing = 1.16;
    headline.align = Align::centre;
    auto detail = look::style(62 * u, Weight::regular, card.language, 36 * u);
    detail.align = Align::centre;
    detail.line_spacing = 1.32;
    const double name_height = card.screen_name.empty() ? 0 : 150 * u;
    const double icon = 170 * u, gap = 40 * u;
    const double free = height - 2 * 80 * u - name_height - icon - 2 * gap;
    const auto first = lay_out(card.headline, width - 2 * margin, free * 0.55, headline);
    const auto second = lay_out(card.detail, width - 2 * margin, free * 0.45, detail);
    double y = (height - name_height - icon - first.height - second.height - 2 * gap) / 2;
    canvas.circle(width / 2, y + icon / 2, icon / 2).fill(Colour::rgb(0x1d5566));
    draw_pictogram(canvas, Pictogram::clock, Box{(width - icon) / 2, y, icon, icon}.inset(38 * u),
                   {look::text, look::accent, Colour::rgb(0x1d5566)});
    y += icon + gap;
    canvas.text(first, {margin, y, width - 2 * margin, first.height}, look::text);
    y += first.height + gap;
    canvas.text(second, {margin, y, width - 2 * margin, second.height}, look::soft);

    if (!card.screen_name.empty()) {
        auto name = look::style(50 * u, Weight::bold, language, 24 * u);
        name.most_lines = 1;
        name.align = Align::centre;
        name.place = Place::middle;
        const auto block = lay_out(std::string(says.screen) + " " + card.screen_name, width - 2 * margin - 80 * u, 80 * u, name);
        const Box pill{(width - block.width) / 2 - 44 * u, height - 76 * u - 92 * u, block.width + 88 * u, 92 * u};
        canvas.rounded(pill, 46 * u).fill(Colour::rgb(0x061c24).faded(0.6));
        canvas.text(block, pill, look::accent);
    }
    return canvas.copy();
}

Picture draw_notice_card(const std::string& text, const std::string& language, Size stage) {
    const double u = look::unit(stage), width = stage.width, height = stage.height;
    Canvas canvas(stage, Colour::rgb(0xfff4dc));
    // A bar of the accent says "notice" from afar; the text itself is dark on light.
    canvas.rectangle({0, 0, width, std::round(36 * u)}).fill(look::accent);
    canvas.rectangle({0, height - std::round(36 * u), width, std::round(36 * u)}).fill(look::accent);
    const double margin = (stage.width >= stage.height ? 140 : 80) * u, icon = 180 * u, gap = 48 * u;
    auto style = look::style((stage.width >= stage.height ? 148 : 112) * u, Weight::bold, language, 44 * u);
    style.align = Align::centre;
    style.line_spacing = 1.2;
    const auto block = lay_out(text, width - 2 * margin, height - 2 * 90 * u - icon - gap, style);
    const double top = (height - icon - gap - block.height) / 2;
    draw_pictogram(canvas, Pictogram::info, {(width - icon) / 2, top, icon, icon},
                   {look::deep, look::deep, Colour::rgb(0xfff4dc)});
    canvas.text(block, {margin, top + icon + gap, width - 2 * margin, block.height}, look::ink);
    return canvas.copy();
}

Picture draw_banner(const std::string& text, const std::string& language, Size stage) {
    const double u = look::unit(stage), width = stage.width;
    const double margin = 64 * u, icon = 92 * u, gap = 36 * u, padding = 30 * u;
    auto style = look::style(64 * u, Weight::bold, language, 40 * u);
    style.place = Place::middle;
    style.line_spacing = 1.2;
    const double room = width - 2 * margin - icon - gap;
    // At most two lines at full size, then smaller, then as many as it takes within half of the stage.
    style.most_lines = 2;
    auto block = lay_out(text, room, stage.height * 0.5, style);
    if (!block.fits) {
        style.most_lines = 99;
        style.size = style.least_size;
        style.least_size = 24 * u;
        block = lay_out(text, room, stage.height * 0.5 - 2 * padding, style);
    }
    const double height = std::max(1.0, std::min(std::ceil(std::max(block.height, icon) + 2 * padding), static_cast<double>(stage.height)));
    Canvas canvas(Size{stage.width, static_cast<int>(height)}, look::accent);
    canvas.rectangle({0, 0, width, std::max(2.0, std::round(6 * u))}).fill(look::deep);
    const double left = block.right_to_left ? width - margin - icon : margin;
    draw_pictogram(canvas, Pictogram::info, {left, (height - icon) / 2, icon, icon}, {look::deep, look::deep, look::accent});
    canvas.text(block, {block.right_to_left ? margin : margin + icon + gap, 3 * u, room, height}, look::ink);
    return canvas.copy();
}

} // namespace capsule
