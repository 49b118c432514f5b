#include "content/drawing/pictogram_pen.hpp"

namespace capsule {

namespace {

void group(PictogramPen& p) {
    p.person(22, 16, 50, p.main.faded(0.65));
    p.person(78, 16, 50, p.main.faded(0.65));
    p.canvas.move_to(22, 92).curve_to(22, 44, 78, 44, 78, 92).close().stroke(p.ground, 7);
    p.disc(50, 37, 17.5, p.ground);
    p.person(50, 24, 68, p.accent);
}

void family(PictogramPen& p) {
    p.person(34, 8, 84, p.main);
    p.canvas.move_to(56, 92).curve_to(56, 56, 99, 56, 99, 92).close().stroke(p.ground, 6);
    p.disc(78, 54, 14, p.ground);
    p.person(78, 44, 48, p.accent);
}

// Somebody on each side, and what they do together in front.
void together(PictogramPen& p) {
    p.person(27, 6, 62, p.main);
    p.person(73, 6, 62, p.accent);
    p.plate(14, 64, 72, 30, 5, p.ground);
    p.plate(20, 54, 60, 34, 5, p.ground);
    p.plate(23, 57, 54, 31, 4.5, p.main.faded(1));
    p.plate(27.5, 61.5, 45, 22, 2, p.ground);
    p.plate(12, 88, 76, 7.5, 3.7, p.main);
}

void reception(PictogramPen& p) {
    p.person(36, 14, 56, p.main);
    p.plate(2, 58, 96, 11, 4, p.accent);
    p.plate(9, 66, 82, 28, 4, p.main.faded(0.55));
    p.speech(60, 8, 36, 26, 68, p.accent);
    p.plate(67, 16, 22, 4, 2, p.ground);
    p.plate(67, 23, 14, 4, 2, p.ground);
}

void pin(PictogramPen& p) {
    p.canvas.move_to(50, 86)
        .curve_to(34, 64, 20, 54, 20, 34)
        .curve_to(20, 16, 33, 4, 50, 4)
        .curve_to(67, 4, 80, 16, 80, 34)
        .curve_to(80, 54, 66, 64, 50, 86)
        .close()
        .fill(p.accent);
    p.disc(50, 34, 12.5, p.ground);
    p.canvas.save();
    p.plate(24, 90, 52, 7, 3.5, p.main);
    p.canvas.restore();
}

void home(PictogramPen& p) {
    p.canvas.move_to(8, 50).line_to(50, 12).line_to(92, 50).stroke(p.accent, 9);
    p.canvas.move_to(20, 52).line_to(50, 25).line_to(80, 52).line_to(80, 92).line_to(20, 92).close().fill(p.main);
    p.plate(34, 56, 32, 21, 3, p.ground);
    p.plate(28, 80, 44, 5, 2.5, p.ground);
}

void door(PictogramPen& p) {
    p.plate(20, 6, 60, 88, 4, p.main);
    p.plate(28, 14, 44, 80, 2, p.ground);
    p.canvas.move_to(28, 14).line_to(56, 24).line_to(56, 98).line_to(28, 94).close().fill(p.accent);
    p.disc(50, 60, 3.2, p.ground);
    p.plate(6, 91, 88, 6, 3, p.main);
}

void school(PictogramPen& p) {
    p.canvas.move_to(50, 12).line_to(98, 36).line_to(50, 60).line_to(2, 36).close().fill(p.main);
    p.canvas.move_to(22, 50).line_to(50, 64).line_to(78, 50).line_to(78, 72).curve_to(66, 86, 34, 86, 22, 72).close().fill(p.accent);
    p.canvas.move_to(91, 40).line_to(91, 66).stroke(p.main, 4.5);
    p.disc(91, 70, 5.5, p.main);
}

void speech_two(PictogramPen& p, bool question) {
    p.speech(4, 8, 68, 46, 22, p.main);
    if (question) {
        p.letters("?", 4, 8, 68, 46, 40, p.ground);
    } else {
        p.plate(15, 21, 46, 6.5, 3.2, p.ground);
        p.plate(15, 34, 30, 6.5, 3.2, p.ground);
    }
    p.plate(37, 47, 60, 40, 11, p.ground);
    p.plate(41, 51, 54, 33, 9, p.accent);
    p.canvas.move_to(82, 82).line_to(70, 82).line_to(84, 95).close().fill(p.accent);
    for (int i = 0; i < 3; ++i)
        p.disc(55 + i * 13.0, 67.5, 3.8, p.ground);
}

void heart_in_hand(PictogramPen& p) {
    p.heart(50, 38, 66, p.accent);
    p.canvas.move_to(8, 70)
        .curve_to(22, 60, 34, 66, 42, 72)
        .line_to(58, 72)
        .curve_to(68, 72, 68, 82, 58, 82)
        .line_to(44, 82)
        .stroke(p.main, 7);
    p.canvas.move_to(64, 78).line_to(84, 66).curve_to(92, 62, 97, 70, 90, 76).line_to(66, 92).curve_to(58, 97, 44, 96, 34, 92).line_to(8, 88).stroke(p.main, 7);
}

} // namespace

bool draw_people_or_place(PictogramPen& p, Pictogram pictogram) {
    switch (pictogram) {
    case Pictogram::two_people:
        p.person(31, 12, 76, p.main);
        p.canvas.move_to(38.6, 88).curve_to(38.6, 41, 99.4, 41, 99.4, 88).close().stroke(p.ground, 6);
        p.disc(69, 28.7, 19, p.ground);
        p.person(69, 12, 76, p.accent);
        return true;
    case Pictogram::group: group(p); return true;
    case Pictogram::family: family(p); return true;
    case Pictogram::together: together(p); return true;
    case Pictogram::reception: reception(p); return true;
    case Pictogram::pin: pin(p); return true;
    case Pictogram::home: home(p); return true;
    case Pictogram::door: door(p); return true;
    case Pictogram::school: school(p); return true;
    case Pictogram::speech: speech_two(p, false); return true;
    case Pictogram::speech_question: speech_two(p, true); return true;
    case Pictogram::heart: heart_in_hand(p); return true;
    default: return false;
    }
}

} // namespace capsule
