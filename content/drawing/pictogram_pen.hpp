// The few strokes that all pictograms are made of, on a square of 100 × 100; only for this folder's .cpp files.
#pragma once

#include "content/drawing/pictogram.hpp"

namespace capsule {

struct PictogramPen {
    Canvas& canvas;
    Colour main, accent, ground;

    void plate(double x, double y, double w, double h, double r, Colour c) { canvas.rounded({x, y, w, h}, r).fill(c); }
    void disc(double x, double y, double r, Colour c) { canvas.circle(x, y, r).fill(c); }
    void ring(double x, double y, double r, double width, Colour c) { canvas.circle(x, y, r).stroke(c, width); }
    void line(double x1, double y1, double x2, double y2, double width, Colour c) {
        canvas.move_to(x1, y1).line_to(x2, y2).stroke(c, width);
    }
    void check(double x, double y, double size, double width, Colour c) {
        canvas.move_to(x, y).line_to(x + size * 0.36, y + size * 0.36).line_to(x + size, y - size * 0.32).stroke(c, width);
    }
    void cross(double x, double y, double reach, double width, Colour c) {
        line(x - reach, y - reach, x + reach, y + reach, width, c);
        line(x + reach, y - reach, x - reach, y + reach, width, c);
    }
    // Head and shoulders; `size` is their height.
    void person(double x, double y, double size, Colour c) {
        disc(x, y + size * 0.22, size * 0.21, c);
        const double half = size * 0.40;
        canvas.move_to(x - half, y + size)
            .curve_to(x - half, y + size * 0.38, x + half, y + size * 0.38, x + half, y + size)
            .close()
            .fill(c);
    }
    void letters(std::string_view text, double x, double y, double w, double h, double size, Colour c) {
        TextStyle style;
        style.size = size;
        style.least_size = size;
        style.weight = Weight::bold;
        style.align = Align::centre;
        style.place = Place::middle;
        style.line_spacing = 1;
        style.language = "und";
        canvas.text(text, {x, y, w, h}, style, c);
    }
    void speech(double x, double y, double w, double h, double tail_x, Colour c) {
        plate(x, y, w, h, h * 0.24, c);
        canvas.move_to(tail_x - 7, y + h - 2).line_to(tail_x + 9, y + h - 2).line_to(tail_x - 8, y + h + 13).close().fill(c);
    }
    void laptop(Colour body, Colour screen) {
        plate(14, 20, 72, 50, 6, body);
        plate(20, 26, 60, 38, 2.5, screen);
        plate(4, 73, 92, 9, 4.5, body);
    }
    void phone(double x, double y, double w, double h, Colour body, Colour screen) {
        plate(x, y, w, h, w * 0.16, body);
        plate(x + w * 0.1, y + h * 0.1, w * 0.8, h * 0.74, w * 0.04, screen);
        disc(x + w / 2, y + h * 0.92, w * 0.055, screen);
    }
    void window(Colour frame, Colour page) {
        plate(6, 16, 88, 68, 7, frame);
        plate(11, 32, 78, 47, 3, page);
        disc(14.5, 24, 2.6, page);
        disc(22.5, 24, 2.6, page);
        plate(30, 20.5, 56, 7, 3.5, page);
    }
    void heart(double x, double y, double size, Colour c) {
        const double s = size / 100;
        canvas.move_to(x, y + 38 * s)
            .curve_to(x - 62 * s, y - 2 * s, x - 46 * s, y - 46 * s, x - 20 * s, y - 42 * s)
            .curve_to(x - 8 * s, y - 40 * s, x, y - 30 * s, x, y - 24 * s)
            .curve_to(x, y - 30 * s, x + 8 * s, y - 40 * s, x + 20 * s, y - 42 * s)
            .curve_to(x + 46 * s, y - 46 * s, x + 62 * s, y - 2 * s, x, y + 38 * s)
            .close()
            .fill(c);
    }
    void sheet(double x, double y, double w, double h, Colour c) { plate(x, y, w, h, 5, c); }
    void key(double x, double y, double scale, Colour c, Colour hole) {
        canvas.save();
        canvas.translate(x, y);
        canvas.scale(scale);
        canvas.rotate(-45);
        plate(0, -6.5, 52, 13, 5, c);
        plate(30, 0, 9, 19, 3, c);
        plate(43, 0, 9, 16, 3, c);
        disc(-10, 0, 23, c);
        disc(-15, 0, 7.5, hole);
        canvas.restore();
    }
};

// The two halves of the set, one file each.
bool draw_thing(PictogramPen& pen, Pictogram pictogram);
bool draw_people_or_place(PictogramPen& pen, Pictogram pictogram);

} // namespace capsule
