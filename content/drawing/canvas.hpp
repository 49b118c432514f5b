// A surface to draw on: shapes, gradients, text, pictures. Thread-bound to the thread that uses it (distinct canvases may be
// used at once). Lengths are pixels until scaled. Nothing here fails: what cannot be drawn is not drawn.
#pragma once

#include "content/drawing/colour.hpp"
#include "content/drawing/picture.hpp"
#include "content/drawing/text.hpp"

#include <memory>
#include <string_view>

namespace capsule {

struct Box {
    double x = 0, y = 0, width = 0, height = 0;
    double right() const { return x + width; }
    double bottom() const { return y + height; }
    Box inset(double by) const { return {x + by, y + by, width - 2 * by, height - 2 * by}; }
};

class Canvas {
public:
    explicit Canvas(Size size, Colour background = {0, 0, 0, 0});
    ~Canvas();
    Canvas(Canvas&&) noexcept;
    Canvas& operator=(Canvas&&) noexcept;

    Size size() const;

    // The path being drawn; fill and stroke end it.
    Canvas& move_to(double x, double y);
    Canvas& line_to(double x, double y);
    Canvas& curve_to(double x1, double y1, double x2, double y2, double x, double y);
    // Angles in degrees, clockwise from three o'clock.
    Canvas& arc(double x, double y, double radius, double from, double to);
    Canvas& close();
    Canvas& rectangle(const Box& box);
    Canvas& rounded(const Box& box, double radius);
    Canvas& circle(double x, double y, double radius);
    void fill(Colour colour);
    void fill_and_keep(Colour colour); // the path stays
    // Round ends and joins.
    void stroke(Colour colour, double width);
    // Cuts the path out of what was drawn so far.
    void erase();

    // The whole surface, from one corner colour to the opposite one; from top to bottom.
    void fill_gradient(Colour top_left, Colour bottom_right);
    // A disc that fades out towards its rim.
    void soft_disc(double x, double y, double radius, Colour colour);
    void clear(); // transparent everywhere

    void save();
    void restore();
    void translate(double x, double y);
    void scale(double factor);
    void rotate(double degrees);

    // The block in its box (its place and align say where); returns the box that its lines take.
    Box text(const TextBlock& block, const Box& box, Colour colour);
    // lay_out and text in one.
    Box text(std::string_view text, const Box& box, const TextStyle& style, Colour colour);

    // Another picture at a place, as it is.
    void picture(const Picture& picture, double x, double y);

    // What was drawn.
    Picture copy() const;
    Picture copy(const Box& part) const; // whole pixels, cut to the surface

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace capsule
