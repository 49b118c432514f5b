#include "player/present/layout.hpp"

#include <algorithm>
#include <cmath>

namespace capsule {

Rectangle letterbox(Size picture, double pixel_aspect, const Orientation& orientation, Size stage) {
    if (picture.width <= 0 || picture.height <= 0 || stage.width <= 0 || stage.height <= 0)
        return {};
    double wide = picture.width * pixel_aspect, high = picture.height;
    if (orientation.swaps_sides())
        std::swap(wide, high);
    const double scale = std::min(stage.width / wide, stage.height / high);
    const auto fit = [](double length, int room) {
        const int rounded = std::max(1, static_cast<int>(std::lround(length)));
        return rounded >= room - 2 ? room : rounded;
    };
    Rectangle place;
    place.width = fit(wide * scale, stage.width);
    place.height = fit(high * scale, stage.height);
    place.x = (stage.width - place.width) / 2;
    place.y = (stage.height - place.height) / 2;
    return place;
}

Rectangle inside_margin(Size stage, double margin) {
    const auto of = [margin](int side) { return 2 * static_cast<int>(std::lround(side * std::clamp(margin, 0.0, 0.1) / 2)); };
    const int x = of(stage.width), y = of(stage.height);
    return {x, y, stage.width - 2 * x, stage.height - 2 * y};
}

Rectangle turn_within(const Rectangle& inner, Size stage, int quarter_turns) {
    switch (quarter_turns) {
    case 1: // what was on top is on the right
        return {stage.height - inner.y - inner.height, inner.x, inner.height, inner.width};
    case 2:
        return {stage.width - inner.x - inner.width, stage.height - inner.y - inner.height, inner.width, inner.height};
    case 3:
        return {inner.y, stage.width - inner.x - inner.width, inner.height, inner.width};
    default:
        return inner;
    }
}

} // namespace capsule
