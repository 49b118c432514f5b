#include "player/overlay/cards.hpp"

#include "player/overlay/card_look.hpp"

namespace capsule {

Picture draw_enrolment_card(const EnrolmentCard& card, Size stage) {
    if (card.code.empty())
        return draw_calm_card({"Cet appareil a été retiré du service",
                               "Pour le remettre en service, appelez la personne qui s’occupe des écrans.", card.device, "fr"}, stage);
    const double u = look::unit(stage), width = stage.width, height = stage.height;
    const bool upright = stage.height > stage.width;
    Canvas canvas(stage);
    look::ground(canvas);
    const double margin = (upright ? 70 : 130) * u, room = width - 2 * margin, gap = 34 * u;
    const auto centred = [&](double size, Weight weight, double least) {
        auto style = look::style(size * u, weight, "fr", least * u);
        style.align = Align::centre;
        style.line_spacing = 1.25;
        return style;
    };
    const auto headline = lay_out("Cet écran est nouveau", room, height * 0.14, centred(84, Weight::bold, 48));
    const auto what = lay_out("Appelez la personne qui s’occupe des écrans et lisez-lui ce code\u00a0:", room, height * 0.2,
                              centred(54, Weight::regular, 34));
    // Two groups of four, as a number is read out; one above the other on an upright screen.
    const std::string first = card.code.substr(0, 4), second = card.code.size() > 4 ? card.code.substr(4) : std::string{};
    auto style = centred(upright ? 300 : 270, Weight::bold, 90);
    style.place = Place::middle;
    style.most_lines = 1;
    const double panel_height = (upright ? 700 : 350) * u;
    const auto hint = lay_out("0\u00a0est le chiffre zéro, 1\u00a0est le chiffre un\u00a0: il n’y a ni lettre\u00a0O, ni lettre\u00a0I, ni lettre\u00a0L.",
                              room, height * 0.12, centred(40, Weight::regular, 28));
    const auto where = lay_out("À saisir dans la console\u00a0: " + card.console, room, height * 0.14, centred(48, Weight::bold, 26));
    const auto notice = lay_out(card.notice, room, height * 0.14, centred(44, Weight::bold, 28));
    const double notice_height = card.notice.empty() ? 0 : notice.height + gap;
    const auto device = lay_out(card.device, room, height * 0.06, centred(32, Weight::regular, 22));

    double y = (height - headline.height - what.height - panel_height - hint.height - where.height - device.height - notice_height - 5 * gap) / 2;
    const auto line = [&](const TextBlock& block, Colour colour) {
        canvas.text(block, {margin, y, room, block.height}, colour);
        y += block.height + gap;
    };
    line(headline, look::text);
    if (!card.notice.empty())
        line(notice, look::accent);
    line(what, look::soft);
    canvas.rounded({margin, y, room, panel_height}, 40 * u).fill(look::paper);
    if (upright) {
        canvas.text(lay_out(first, room, panel_height / 2, style), {margin, y, room, panel_height / 2}, look::ink);
        canvas.text(lay_out(second, room, panel_height / 2, style), {margin, y + panel_height / 2, room, panel_height / 2}, look::ink);
    } else {
        canvas.text(lay_out(first + "\u2002" + second, room - 120 * u, panel_height, style), {margin + 60 * u, y, room - 120 * u, panel_height},
                    look::ink);
    }
    y += panel_height + gap;
    line(hint, look::soft);
    line(where, look::accent);
    line(device, look::soft);
    return canvas.copy();
}

} // namespace capsule
