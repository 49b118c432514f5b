#include "content/samples/scene.hpp"

#include <array>

namespace capsule::samples {

namespace {

constexpr double margin = 120;

Box mark_box(std::size_t index, std::size_t count) {
    const double width = 76, gap = 14;
    const double left = frame_size.width - margin - static_cast<double>(count) * (width + gap) + gap;
    return {left + static_cast<double>(index) * (width + gap), 982, width, 12};
}

FloatColour to_float(Colour colour) {
    return {static_cast<float>(colour.red), static_cast<float>(colour.green), static_cast<float>(colour.blue)};
}

FloatColour mixed(const FloatColour& from, const FloatColour& to, float part) {
    return {from.red + (to.red - from.red) * part, from.green + (to.green - from.green) * part,
            from.blue + (to.blue - from.blue) * part};
}

} // namespace

Box message_box() { return {margin, 196, 1130, 700}; }

TextStyle message_style(const std::string& language) {
    TextStyle style;
    style.size = 124;
    style.least_size = 84;
    style.weight = Weight::bold;
    style.language = language;
    style.line_spacing = 1.2;
    style.most_lines = 5;
    style.place = Place::middle;
    return style;
}

Planes draw_ground(const Palette& palette) {
    const Size size{frame_size.width + drift_room.width, frame_size.height + drift_room.height};
    struct Glow {
        float x, y, reach, strength;
    };
    const float wide = static_cast<float>(size.width), high = static_cast<float>(size.height), strength = palette.glow.alpha / 255.0f;
    const std::array<Glow, 3> glows{{{wide * 0.80f, high * 0.42f, 980, strength},
                                     {wide * 0.06f, high * 1.02f, 800, strength},
                                     {wide * 0.30f, high * -0.10f, 640, strength * 0.7f}}};
    return make_planes(size, [&](int x, int y) {
        const float px = static_cast<float>(x), py = static_cast<float>(y);
        const float along = (px * wide + py * high) / (wide * wide + high * high);
        FloatColour colour = mixed(to_float(palette.ground), to_float(palette.ground_end), along);
        for (const auto& glow : glows) {
            const float dx = px - glow.x, dy = py - glow.y;
            const float near = 1 - (dx * dx + dy * dy) / (glow.reach * glow.reach);
            if (near > 0)
                colour = mixed(colour, to_float(palette.glow), near * near * near * glow.strength);
        }
        return colour;
    });
}

Picture draw_message(const std::string& text, const std::string& language, const Palette& palette) {
    Canvas canvas(frame_size);
    canvas.text(text, message_box(), message_style(language), palette.text);
    return canvas.copy();
}

Picture draw_pictogram_on_disc(Pictogram pictogram, const Palette& palette, double down) {
    Canvas canvas(frame_size);
    const double x = 1548, y = 540 + down;
    canvas.circle(x, y, 268).fill(palette.disc);
    draw_pictogram(canvas, pictogram, {x - 165, y - 165, 330, 330}, {palette.figure, palette.accent, palette.disc});
    return canvas.copy();
}

Picture draw_frame_texts(const Storyboard& story, std::string_view theme_label, const Palette& palette) {
    Canvas canvas(frame_size);
    canvas.rounded({margin, 92, 12, 64}, 6).fill(palette.mark);
    TextStyle title;
    title.size = 56;
    title.least_size = 44;
    title.weight = Weight::bold;
    title.language = story.language;
    title.most_lines = 1;
    title.place = Place::middle;
    canvas.text(story.title, {margin + 40, 84, frame_size.width - 2 * margin - 40, 80}, title, palette.soft);
    TextStyle theme = title;
    theme.size = 46;
    theme.weight = Weight::regular;
    canvas.text(theme_label, {margin, 950, 1120, 76}, theme, palette.soft);
    for (std::size_t i = 0; i < story.screens.size(); ++i)
        canvas.rounded(mark_box(i, story.screens.size()), 6).fill(palette.soft.faded(0.32));
    return canvas.copy();
}

Picture draw_mark(const Palette& palette, std::size_t index, std::size_t count) {
    Canvas canvas(frame_size);
    canvas.rounded(mark_box(index, count), 6).fill(palette.mark);
    return canvas.copy();
}

} // namespace capsule::samples
