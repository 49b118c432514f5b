#include "player/overlay/cards.hpp"

#include "content/drawing/pictogram.hpp"
#include "content/qr/qr.hpp"
#include "player/overlay/card_look.hpp"
#include "player/overlay/card_texts.hpp"

#include <cmath>

namespace capsule {

namespace {

// Where the white square and the words go. The square takes the whole of the shorter side on a 16:9 screen.
struct Layout {
    Box paper;          // white, from edge to edge of the stage
    double side = 0;    // of the largest code with its quiet zone
    Box above, below;   // for the words; side by side with the paper they are one column, cut at the same x
};

Layout lay_out_card(Size stage) {
    const double width = stage.width, height = stage.height, u = look::unit(stage);
    Layout layout;
    if (stage.width >= stage.height) {
        layout.side = std::floor(std::min(height, width * 0.5625));
        layout.paper = {width - layout.side, 0, layout.side, height};
        const double column = layout.paper.x - 72 * u - 64 * u;
        layout.above = {72 * u, 60 * u, column, height * 0.585};
        layout.below = {72 * u, layout.above.bottom(), column, height - layout.above.bottom() - 68 * u};
    } else {
        layout.side = std::floor(std::min(width, height * 0.5625));
        const double top = std::floor((height - layout.side) * 0.56);
        layout.paper = {0, top, width, layout.side};
        layout.above = {64 * u, 48 * u, width - 128 * u, top - 88 * u};
        layout.below = {64 * u, layout.paper.bottom() + 32 * u, width - 128 * u, height - layout.paper.bottom() - 80 * u};
    }
    return layout;
}

double pixels_per_mm(const QrCard& card, Size stage) {
    return std::hypot(stage.width, stage.height) / std::max(1, card.diagonal_mm);
}

void draw_code(Canvas& canvas, const QrCode& code, const Box& paper, double side) {
    // Edges on whole pixels, so that a module's rim is never grey; modules then differ by one pixel at most.
    const double left = paper.x + (paper.width - side) / 2, top = paper.y + (paper.height - side) / 2;
    const auto edge = [&](double from, int module) { return std::round(from + side * module / code.modules()); };
    for (int y = 0; y < code.modules(); ++y)
        for (int x = 0; x < code.modules(); ++x)
            if (code.dark(x, y))
                canvas.rectangle({edge(left, x), edge(top, y), edge(left, x + 1) - edge(left, x), edge(top, y + 1) - edge(top, y)});
    canvas.fill(black);
}

// Draws the text at the top of the room, and takes what it used from the room.
void put(Canvas& canvas, Box& room, std::string_view text, const TextStyle& style, Colour colour, double gap) {
    const auto block = lay_out(text, room.width, room.height, style);
    canvas.text(block, {room.x, room.y, room.width, block.height}, colour);
    room.y += block.height + gap;
    room.height -= block.height + gap;
}

} // namespace

Result<QrLegibility> qr_legibility(const QrCard& card, Size stage) {
    CAPSULE_TRY(code, QrCode::encode(card.url));
    QrLegibility legibility;
    legibility.modules = code.modules();
    legibility.needed_mm = qr_width_needed_mm(card.distance_mm, code.modules());
    const double side_mm = lay_out_card(stage).side / pixels_per_mm(card, stage);
    legibility.available_mm = side_mm * code.modules() / (code.modules() + 2 * qr_quiet_zone);
    return legibility;
}

Picture draw_qr_card(const QrCard& card, Size stage) {
    const double u = look::unit(stage);
    const auto& says = card_texts(card.language);
    const std::string language(says.language);
    const bool landscape = stage.width >= stage.height;
    const Layout layout = lay_out_card(stage);
    Canvas canvas(stage);
    look::ground(canvas);

    canvas.rectangle(layout.paper).fill(look::paper);
    if (const auto code = QrCode::encode(card.url)) {
        const double most = layout.side * code->modules() / (code->modules() + 2 * qr_quiet_zone);
        const double needed = qr_width_needed_mm(card.distance_mm, code->modules()) * pixels_per_mm(card, stage);
        // A little more than the rule asks where there is room; never so little that it looks lost.
        draw_code(canvas, *code, layout.paper, std::floor(std::clamp(needed * 1.05, most * 0.72, most)));
    }

    // Above: what this is about, the headline, what one gets.
    Box room = layout.above;
    const double icon = 104 * u;
    const bool right_to_left = lay_out(says.prepare, room.width, room.height, look::style(60 * u, Weight::bold, language)).right_to_left;
    draw_pictogram(canvas, Pictogram::phone, {right_to_left ? room.right() - icon + 18 * u : room.x - 18 * u, room.y, icon, icon},
                   {look::text, look::accent, look::deep});
    if (!card.title.empty()) {
        auto title = look::style(46 * u, Weight::regular, language, 34 * u);
        title.most_lines = 2;
        title.place = Place::middle;
        const auto block = lay_out(card.title, room.width - icon, icon, title);
        const double beside = right_to_left ? (block.right_to_left ? 0 : room.width - icon - block.width) : icon;
        canvas.text(block, {room.x + beside, room.y, right_to_left && !block.right_to_left ? block.width : room.width - icon, icon}, look::soft);
    }
    room.y += icon + 28 * u;
    room.height -= icon + 28 * u;
    auto headline = look::style((landscape ? 92 : 84) * u, Weight::bold, language, 40 * u);
    headline.line_spacing = 1.14;
    headline.most_lines = landscape ? 3 : 1;
    put(canvas, room, says.prepare, headline, look::text, 26 * u);
    // The letters of the Arabic script are smaller in the same em.
    put(canvas, room, says.promise, look::style((right_to_left ? 66 : 60) * u, Weight::regular, language, 34 * u), look::text, 0);

    // Below: where the link leads, and the way without a phone.
    room = layout.below;
    const double half = room.height * (landscape ? 0.52 : 0.5);
    Box site{room.x, room.y, room.width, half};
    auto label = look::style(44 * u, Weight::regular, language, 30 * u);
    label.most_lines = 1;
    auto domain = look::style(58 * u, Weight::bold, "und", 26 * u);
    domain.most_lines = 1;
    domain.align = right_to_left ? Align::end : Align::start;
    if (!card.domain.empty()) {
        put(canvas, site, says.leads_to, label, look::soft, 2 * u);
        put(canvas, site, card.domain, domain, look::accent, 0);
    }
    Box other{room.x, room.y + half, room.width, half};
    canvas.rectangle({other.x, std::round(other.y), other.width, std::max(2.0, std::round(3 * u))}).fill(look::soft.faded(0.45));
    other.y += 24 * u;
    other.height -= (right_to_left ? 44 : 24) * u; // its letters reach further down
    const std::string words = std::string(says.no_phone) + "\n" + std::string(says.ask_here);
    auto without = look::style(58 * u, Weight::bold, language, 30 * u);
    without.place = Place::middle;
    without.most_lines = 2;
    canvas.text(words, other, without, look::text);
    return canvas.copy();
}

} // namespace capsule
