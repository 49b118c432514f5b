#include "content/drawing/canvas.hpp"

#include "content/drawing/pango_text.hpp"

#include <algorithm>
#include <cairo.h>
#include <cmath>
#include <cstring>
#include <numbers>

namespace capsule {

struct Canvas::State {
    Picture picture; // the surface's memory
    cairo_surface_t* surface = nullptr;
    cairo_t* cairo = nullptr;

    explicit State(Size size) : picture(size) {
        surface = cairo_image_surface_create_for_data(reinterpret_cast<unsigned char*>(picture.pixels.data()), CAIRO_FORMAT_ARGB32,
                                                      size.width, size.height, size.width * 4);
        cairo = cairo_create(surface);
        cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
        cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    }
    ~State() {
        cairo_destroy(cairo);
        cairo_surface_destroy(surface);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void source(Colour c) { cairo_set_source_rgba(cairo, c.red / 255.0, c.green / 255.0, c.blue / 255.0, c.alpha / 255.0); }
};

namespace {

void add_stop(cairo_pattern_t* pattern, double at, Colour c) {
    cairo_pattern_add_color_stop_rgba(pattern, at, c.red / 255.0, c.green / 255.0, c.blue / 255.0, c.alpha / 255.0);
}

double radians(double degrees) { return degrees * std::numbers::pi / 180; }

} // namespace

Canvas::Canvas(Size size, Colour background) : m_state(std::make_unique<State>(size)) {
    if (background.alpha != 0) {
        m_state->source(background);
        cairo_paint(m_state->cairo);
    }
}
Canvas::~Canvas() = default;
Canvas::Canvas(Canvas&&) noexcept = default;
Canvas& Canvas::operator=(Canvas&&) noexcept = default;

Size Canvas::size() const { return m_state->picture.size; }

Canvas& Canvas::move_to(double x, double y) {
    cairo_move_to(m_state->cairo, x, y);
    return *this;
}
Canvas& Canvas::line_to(double x, double y) {
    cairo_line_to(m_state->cairo, x, y);
    return *this;
}
Canvas& Canvas::curve_to(double x1, double y1, double x2, double y2, double x, double y) {
    cairo_curve_to(m_state->cairo, x1, y1, x2, y2, x, y);
    return *this;
}
Canvas& Canvas::arc(double x, double y, double radius, double from, double to) {
    cairo_arc(m_state->cairo, x, y, radius, radians(from), radians(to));
    return *this;
}
Canvas& Canvas::close() {
    cairo_close_path(m_state->cairo);
    return *this;
}
Canvas& Canvas::rectangle(const Box& box) {
    cairo_rectangle(m_state->cairo, box.x, box.y, box.width, box.height);
    return *this;
}
Canvas& Canvas::rounded(const Box& box, double radius) {
    const double r = std::clamp(radius, 0.0, std::max(0.0, std::min(box.width, box.height) / 2));
    cairo_new_sub_path(m_state->cairo);
    arc(box.right() - r, box.y + r, r, -90, 0);
    arc(box.right() - r, box.bottom() - r, r, 0, 90);
    arc(box.x + r, box.bottom() - r, r, 90, 180);
    arc(box.x + r, box.y + r, r, 180, 270);
    return close();
}
Canvas& Canvas::circle(double x, double y, double radius) {
    cairo_new_sub_path(m_state->cairo);
    return arc(x, y, radius, 0, 360).close();
}
void Canvas::fill(Colour colour) {
    m_state->source(colour);
    cairo_fill(m_state->cairo);
}
void Canvas::fill_and_keep(Colour colour) {
    m_state->source(colour);
    cairo_fill_preserve(m_state->cairo);
}
void Canvas::stroke(Colour colour, double width) {
    m_state->source(colour);
    cairo_set_line_width(m_state->cairo, width);
    cairo_stroke(m_state->cairo);
}
void Canvas::erase() {
    cairo_set_operator(m_state->cairo, CAIRO_OPERATOR_CLEAR);
    cairo_fill(m_state->cairo);
    cairo_set_operator(m_state->cairo, CAIRO_OPERATOR_OVER);
}

void Canvas::fill_gradient(Colour top_left, Colour bottom_right) {
    const auto [width, height] = m_state->picture.size;
    cairo_pattern_t* pattern = cairo_pattern_create_linear(0, 0, width, height);
    add_stop(pattern, 0, top_left);
    add_stop(pattern, 1, bottom_right);
    cairo_set_source(m_state->cairo, pattern);
    cairo_paint(m_state->cairo);
    cairo_pattern_destroy(pattern);
}

void Canvas::soft_disc(double x, double y, double radius, Colour colour) {
    cairo_pattern_t* pattern = cairo_pattern_create_radial(x, y, radius * 0.15, x, y, radius);
    // Three stops make the fall-off smooth, so that no rim is seen.
    add_stop(pattern, 0, colour);
    add_stop(pattern, 0.5, colour.faded(0.5));
    add_stop(pattern, 1, colour.faded(0));
    cairo_set_source(m_state->cairo, pattern);
    cairo_arc(m_state->cairo, x, y, radius, 0, 2 * std::numbers::pi);
    cairo_fill(m_state->cairo);
    cairo_pattern_destroy(pattern);
}

void Canvas::clear() {
    cairo_surface_flush(m_state->surface);
    std::fill(m_state->picture.pixels.begin(), m_state->picture.pixels.end(), 0u);
    cairo_surface_mark_dirty(m_state->surface);
}

void Canvas::save() { cairo_save(m_state->cairo); }
void Canvas::restore() { cairo_restore(m_state->cairo); }
void Canvas::translate(double x, double y) { cairo_translate(m_state->cairo, x, y); }
void Canvas::scale(double factor) { cairo_scale(m_state->cairo, factor, factor); }
void Canvas::rotate(double degrees) { cairo_rotate(m_state->cairo, radians(degrees)); }

Box Canvas::text(const TextBlock& block, const Box& box, Colour colour) {
    const double line_height = block.style.size * block.style.line_spacing;
    const double free = box.height - block.height;
    const double top = box.y + (block.style.place == Place::top ? 0 : block.style.place == Place::middle ? free / 2 : free);
    Align align = block.style.align;
    if (block.right_to_left && align != Align::centre)
        align = align == Align::start ? Align::end : Align::start;
    m_state->source(colour);
    Box taken{box.right(), top, 0, block.height};
    double right = box.x;
    for (std::size_t i = 0; i < block.lines.size(); ++i) {
        const auto layout = make_line(m_state->cairo, block.lines[i], block.style, block.right_to_left);
        PangoRectangle logical;
        pango_layout_get_extents(layout.get(), nullptr, &logical);
        const double width = static_cast<double>(logical.width) / PANGO_SCALE;
        const double x = align == Align::start ? box.x : align == Align::centre ? box.x + (box.width - width) / 2 : box.right() - width;
        // The capitals (0.714 of the em in Noto Sans) stand in the middle of the line's height.
        const double baseline = top + static_cast<double>(i) * line_height + (line_height + 0.714 * block.style.size) / 2;
        cairo_move_to(m_state->cairo, x - static_cast<double>(logical.x) / PANGO_SCALE,
                      baseline - static_cast<double>(pango_layout_get_baseline(layout.get())) / PANGO_SCALE);
        pango_cairo_show_layout(m_state->cairo, layout.get());
        taken.x = std::min(taken.x, x);
        right = std::max(right, x + width);
    }
    cairo_new_path(m_state->cairo);
    taken.width = std::max(0.0, right - taken.x);
    return taken;
}

Box Canvas::text(std::string_view text, const Box& box, const TextStyle& style, Colour colour) {
    return this->text(lay_out(text, box.width, box.height, style), box, colour);
}

void Canvas::picture(const Picture& picture, double x, double y) {
    // Cairo does not write to a source surface.
    auto* bytes = reinterpret_cast<unsigned char*>(const_cast<std::uint32_t*>(picture.pixels.data()));
    cairo_surface_t* source = cairo_image_surface_create_for_data(bytes, CAIRO_FORMAT_ARGB32, picture.size.width, picture.size.height,
                                                                  picture.size.width * 4);
    cairo_set_source_surface(m_state->cairo, source, x, y);
    cairo_paint(m_state->cairo);
    cairo_set_source_rgb(m_state->cairo, 0, 0, 0); // lets go of the source
    cairo_surface_destroy(source);
}

Picture Canvas::copy() const {
    cairo_surface_flush(m_state->surface);
    return m_state->picture;
}

Picture Canvas::copy(const Box& part) const {
    cairo_surface_flush(m_state->surface);
    const int left = std::clamp(static_cast<int>(part.x), 0, size().width);
    const int top = std::clamp(static_cast<int>(part.y), 0, size().height);
    const int right = std::clamp(static_cast<int>(std::ceil(part.right())), left, size().width);
    const int bottom = std::clamp(static_cast<int>(std::ceil(part.bottom())), top, size().height);
    Picture out(Size{right - left, bottom - top});
    for (int y = 0; y < out.size.height; ++y)
        std::memcpy(out.row(y), m_state->picture.row(top + y) + left, static_cast<std::size_t>(out.size.width) * 4);
    return out;
}

} // namespace capsule
