#include "player/overlay/caption_size.hpp"
#include "player/overlay/card_look.hpp"
#include "player/overlay/cards.hpp"

#include <cmath>

namespace capsule {

PlacedPicture draw_strip(const Strip& strip, Size stage) {
    PlacedPicture placed;
    if (strip.time.empty() && strip.place.empty())
        return placed;
    const double u = look::unit(stage), em = caption_size(stage, strip.diagonal_mm, strip.distance_mm).least_em;
    const double padding = em * 0.5, gap = em * 0.55, height = std::ceil(em * 1.6), margin = std::round(36 * u);
    auto style = look::style(em, Weight::bold, "fr", em);
    style.most_lines = 1;
    style.place = Place::middle;
    const double time_width = strip.time.empty() ? 0 : line_width(strip.time, style);
    auto name = look::style(em, Weight::regular, "fr", em * 0.6);
    name.most_lines = 1;
    name.place = Place::middle;
    // Under half of the width, so that it stays discreet; more in portrait.
    const double room = stage.width * (stage.width >= stage.height ? 0.46 : 0.7) - 2 * padding - (time_width > 0 ? time_width + gap : 0);
    auto block = lay_out(strip.place, room, height, name);
    const bool named = !strip.place.empty() && block.fits; // no half of a name
    const double width = std::ceil(2 * padding + time_width + (named ? block.width + (time_width > 0 ? gap : 0) : 0));
    if (!named && time_width == 0)
        return placed;
    Canvas canvas(Size{static_cast<int>(width), static_cast<int>(height)});
    canvas.rounded({0, 0, width, height}, height / 2).fill(Colour::rgb(0x061c24).faded(0.72));
    if (named)
        canvas.text(block, {padding, 0, block.width, height}, look::soft);
    if (time_width > 0)
        canvas.text(strip.time, {width - padding - time_width, 0, time_width * 1.02, height}, style, look::text);
    placed.picture = canvas.copy();
    placed.x = stage.width - static_cast<int>(width + margin);
    placed.y = static_cast<int>(margin);
    return placed;
}

} // namespace capsule
