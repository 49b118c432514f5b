#include "content/drawing/pictogram_pen.hpp"

#include <cmath>
#include <numbers>
#include <utility>

namespace capsule {

namespace {

void lock(PictogramPen& p) {
    p.canvas.move_to(31, 50).line_to(31, 33).arc(50, 33, 19, 180, 360).line_to(69, 50).stroke(p.main, 9);
    p.plate(18, 44, 64, 48, 8, p.accent);
    p.disc(50, 63, 7, p.ground);
    p.plate(46.5, 63, 7, 17, 3.5, p.ground);
}

void password(PictogramPen& p) {
    p.plate(2, 32, 96, 36, 10, p.main);
    for (int i = 0; i < 4; ++i)
        p.disc(18 + i * 16.0, 50, 5.2, i == 3 ? p.accent : p.ground);
    p.line(83, 41, 83, 59, 3.6, p.accent);
    p.plate(14, 78, 72, 6, 3, p.main.faded(0.45));
    p.plate(14, 16, 48, 6, 3, p.main.faded(0.45));
}

void message(PictogramPen& p) {
    p.phone(24, 4, 52, 92, p.main, p.ground);
    p.plate(33, 22, 34, 18, 5, p.accent);
    p.canvas.move_to(38, 37).line_to(48, 37).line_to(38, 46).close().fill(p.accent);
    p.plate(39, 54, 28, 14, 5, p.main);
}

void envelope_at(PictogramPen& p, double y, Colour paper) {
    p.plate(8, y, 84, 58, 7, paper);
    p.canvas.move_to(13, y + 8).line_to(50, y + 35).line_to(87, y + 8).stroke(p.ground, 4.5);
}

void hook(PictogramPen& p) {
    envelope_at(p, 40, p.main);
    // Twice: first a rim in the ground's colour, so that the hook stands off the paper.
    for (const auto& [colour, rim] : {std::pair{p.ground, 6.0}, std::pair{p.accent, 0.0}}) {
        p.canvas.move_to(50, 6).line_to(50, 62).curve_to(50, 84, 22, 82, 24, 62).stroke(colour, 6 + rim);
        p.canvas.move_to(16.5, 67).line_to(24, 58).line_to(32, 66).stroke(colour, 5 + rim);
    }
}

void stop(PictogramPen& p) {
    const double reach = 46;
    for (int i = 0; i < 8; ++i) {
        const double angle = (22.5 + 45 * i) * std::numbers::pi / 180;
        const double x = 50 + reach * std::cos(angle), y = 50 + reach * std::sin(angle);
        if (i == 0)
            p.canvas.move_to(x, y);
        else
            p.canvas.line_to(x, y);
    }
    p.canvas.close().fill(p.accent);
    p.plate(45, 24, 10, 32, 5, p.ground);
    p.disc(50, 69, 6, p.ground);
}

void shield(PictogramPen& p) {
    p.canvas.move_to(50, 4)
        .curve_to(64, 14, 76, 16, 88, 16)
        .curve_to(90, 56, 76, 82, 50, 96)
        .curve_to(24, 82, 10, 56, 12, 16)
        .curve_to(24, 16, 36, 14, 50, 4)
        .close()
        .fill(p.main);
    p.check(31, 52, 38, 9, p.accent);
}

void bank(PictogramPen& p) {
    p.canvas.move_to(50, 8).line_to(94, 34).line_to(6, 34).close().fill(p.main);
    p.disc(50, 25, 5, p.ground);
    for (int i = 0; i < 4; ++i)
        p.plate(14 + i * 21.0, 40, 9.5, 34, 2, i == 1 || i == 2 ? p.accent : p.main);
    p.plate(8, 78, 84, 8, 3, p.main);
    p.plate(3, 88, 94, 8, 3, p.main);
}

void papers(PictogramPen& p) {
    p.sheet(32, 6, 54, 70, p.main.faded(0.55));
    p.sheet(14, 18, 56, 76, p.main);
    p.disc(31, 37, 8, p.accent);
    p.plate(44, 31, 18, 5, 2.5, p.ground);
    p.plate(44, 40, 12, 5, 2.5, p.ground);
    for (int i = 0; i < 3; ++i)
        p.plate(23, 55 + i * 11.0, i == 2 ? 24 : 38, 5, 2.5, p.ground.faded(0.75));
}

void checklist(PictogramPen& p) {
    p.sheet(16, 10, 68, 86, p.main);
    p.plate(36, 4, 28, 13, 5, p.accent);
    for (int i = 0; i < 3; ++i) {
        const double y = 36 + i * 20.0;
        p.check(26, y, 12, 4.6, i == 2 ? p.ground.faded(0.35) : p.ground);
        p.plate(46, y - 3, i == 1 ? 22 : 28, 6, 3, p.ground.faded(0.6));
    }
}

void signature(PictogramPen& p) {
    p.sheet(12, 6, 60, 88, p.main);
    for (int i = 0; i < 3; ++i)
        p.plate(22, 20 + i * 12.0, i == 2 ? 22 : 40, 5, 2.5, p.ground.faded(0.6));
    p.canvas.move_to(22, 78).curve_to(28, 60, 34, 88, 39, 74).curve_to(42, 68, 44, 82, 52, 75).stroke(p.ground, 4);
    p.canvas.save();
    p.canvas.translate(54, 74);
    p.canvas.rotate(-48);
    p.canvas.move_to(0, 0).line_to(11, -7.5).line_to(54, -7.5).line_to(54, 7.5).line_to(11, 7.5).close().fill(p.ground);
    p.canvas.move_to(2.5, 0).line_to(12, -5).line_to(12, 5).close().fill(p.main);
    p.plate(12, -5, 40, 10, 2, p.accent);
    p.canvas.restore();
}

void clock(PictogramPen& p) {
    p.disc(50, 50, 44, p.main);
    p.disc(50, 50, 35, p.ground);
    p.canvas.move_to(50, 28).line_to(50, 52).line_to(65, 61).stroke(p.accent, 7.5);
}

void calendar(PictogramPen& p) {
    p.plate(8, 14, 84, 78, 8, p.main);
    p.plate(14, 36, 72, 50, 3, p.ground);
    p.plate(25, 6, 9, 18, 4.5, p.accent);
    p.plate(66, 6, 9, 18, 4.5, p.accent);
    for (int row = 0; row < 3; ++row)
        for (int column = 0; column < 4; ++column)
            p.plate(20.5 + column * 16.0, 42 + row * 14.5, 11, 9.5, 2.5, row == 1 && column == 2 ? p.accent : p.main.faded(0.5));
}

void undo(PictogramPen& p) {
    p.canvas.move_to(28, 38).line_to(58, 38).arc(58, 60, 22, -90, 90).line_to(30, 82).stroke(p.main, 11);
    p.canvas.move_to(6, 38).line_to(34, 16).line_to(34, 60).close().fill(p.accent);
    p.canvas.move_to(6, 38).line_to(34, 16).line_to(34, 60).close().stroke(p.accent, 5);
}

void gear(PictogramPen& p) {
    for (int i = 0; i < 8; ++i) {
        p.canvas.save();
        p.canvas.translate(50, 50);
        p.canvas.rotate(45.0 * i);
        p.plate(-9, -47, 18, 26, 5, p.main);
        p.canvas.restore();
    }
    p.disc(50, 50, 34, p.main);
    p.disc(50, 50, 15, p.accent);
}

void toggle(PictogramPen& p) {
    p.plate(6, 12, 88, 30, 15, p.main.faded(0.4));
    p.disc(22, 27, 11, p.main);
    p.plate(6, 56, 88, 34, 17, p.accent);
    p.disc(76, 73, 13, p.ground);
}

void meal(PictogramPen& p) {
    p.disc(50, 52, 31, p.main);
    p.disc(50, 52, 20, p.ground);
    p.disc(50, 52, 17, p.main);
    p.plate(3, 16, 3.4, 24, 1.7, p.accent);
    p.plate(8.5, 16, 3.4, 24, 1.7, p.accent);
    p.plate(14, 16, 3.4, 24, 1.7, p.accent);
    p.plate(3, 34, 14.4, 10, 5, p.accent);
    p.plate(7, 38, 6.4, 50, 3.2, p.accent);
    p.canvas.move_to(88, 16).curve_to(98, 22, 98, 46, 94, 56).line_to(88, 56).close().fill(p.accent);
    p.plate(86, 16, 6.4, 72, 3.2, p.accent);
}

void person_card(PictogramPen& p) {
    p.plate(4, 20, 92, 62, 8, p.main);
    p.person(28, 34, 34, p.accent);
    p.plate(52, 36, 34, 6.5, 3, p.ground);
    p.plate(52, 49, 26, 6.5, 3, p.ground.faded(0.6));
    p.plate(52, 62, 30, 6.5, 3, p.ground.faded(0.6));
}

void cursor(PictogramPen& p) {
    p.plate(4, 26, 92, 36, 18, p.main);
    p.plate(22, 40, 42, 8, 4, p.ground);
    p.canvas.move_to(58, 44).line_to(58, 92).line_to(69, 82).line_to(77, 98).line_to(86, 93).line_to(78, 78).line_to(93, 77).close();
    p.canvas.fill_and_keep(p.accent);
    p.canvas.stroke(p.ground, 4);
    p.canvas.move_to(60, 49).line_to(60, 87).line_to(69, 78).line_to(77.5, 94).line_to(82.5, 91).line_to(74, 75).line_to(87, 74).close().fill(p.accent);
}

void lifebuoy(PictogramPen& p) {
    p.ring(50, 50, 34, 22, p.main);
    for (int i = 0; i < 4; ++i)
        p.canvas.arc(50, 50, 34, 30 + 90.0 * i, 60 + 90.0 * i).stroke(p.accent, 22);
    p.ring(50, 50, 46.5, 3.5, p.ground);
}

void wrench(PictogramPen& p) {
    p.canvas.save();
    p.canvas.translate(50, 50);
    p.canvas.rotate(45);
    p.plate(-9, -20, 18, 66, 9, p.main);
    p.disc(0, -30, 22, p.main);
    p.plate(-8, -58, 16, 28, 5, p.ground);
    p.disc(0, 36, 4, p.ground);
    p.canvas.restore();
}

void text_size(PictogramPen& p) {
    p.phone(18, 3, 64, 94, p.main, p.ground);
    p.letters("A", 22, 30, 30, 40, 26, p.main);
    p.letters("A", 38, 18, 44, 60, 50, p.accent);
}

} // namespace

bool draw_thing(PictogramPen& p, Pictogram pictogram) {
    switch (pictogram) {
    case Pictogram::key: p.key(34, 66, 1.12, p.accent, p.ground); return true;
    case Pictogram::keys:
        p.key(26, 46, 0.8, p.main, p.ground);
        p.key(50, 74, 0.8, p.accent, p.ground);
        return true;
    case Pictogram::lock: lock(p); return true;
    case Pictogram::password: password(p); return true;
    case Pictogram::phone: p.phone(25, 3, 50, 94, p.main, p.ground); p.disc(50, 44, 10, p.accent); return true;
    case Pictogram::phone_refused:
        p.phone(22, 3, 50, 94, p.main, p.ground);
        p.disc(70, 68, 27, p.ground);
        p.disc(70, 68, 23, p.accent);
        p.cross(70, 68, 8.5, 6.5, p.ground);
        return true;
    case Pictogram::text_size: text_size(p); return true;
    case Pictogram::message: message(p); return true;
    case Pictogram::envelope: envelope_at(p, 22, p.main); p.disc(86, 22, 13, p.ground); p.disc(86, 22, 10, p.accent); return true;
    case Pictogram::hook: hook(p); return true;
    case Pictogram::window:
        p.window(p.main, p.ground);
        p.plate(20, 43, 42, 6, 3, p.main);
        p.plate(20, 54, 58, 6, 3, p.main.faded(0.5));
        p.plate(20, 65, 24, 8, 4, p.accent);
        return true;
    case Pictogram::window_checked: p.window(p.main, p.ground); p.check(36, 56, 28, 7.5, p.accent); return true;
    case Pictogram::stop: stop(p); return true;
    case Pictogram::shield: shield(p); return true;
    case Pictogram::bank: bank(p); return true;
    case Pictogram::laptop: p.laptop(p.main, p.ground); p.plate(30, 38, 40, 6, 3, p.accent); p.plate(30, 49, 26, 6, 3, p.main); return true;
    case Pictogram::laptop_question: p.laptop(p.main, p.ground); p.letters("?", 20, 26, 60, 38, 32, p.accent); return true;
    case Pictogram::laptop_heart: p.laptop(p.main, p.ground); p.heart(50, 46, 28, p.accent); return true;
    case Pictogram::checklist: checklist(p); return true;
    case Pictogram::papers: papers(p); return true;
    case Pictogram::signature: signature(p); return true;
    case Pictogram::clock: clock(p); return true;
    case Pictogram::calendar: calendar(p); return true;
    case Pictogram::undo: undo(p); return true;
    case Pictogram::gear: gear(p); return true;
    case Pictogram::toggle: toggle(p); return true;
    case Pictogram::meal: meal(p); return true;
    case Pictogram::person_card: person_card(p); return true;
    case Pictogram::cursor: cursor(p); return true;
    case Pictogram::lifebuoy: lifebuoy(p); return true;
    case Pictogram::wrench: wrench(p); return true;
    case Pictogram::info:
        p.disc(50, 50, 44, p.accent);
        p.disc(50, 29, 6.5, p.ground);
        p.plate(44.5, 42, 11, 34, 5.5, p.ground);
        return true;
    default: return false;
    }
}

} // namespace capsule
