// The cards' common colours and proportions; only for this folder's .cpp files.
#pragma once

#include "content/drawing/canvas.hpp"

#include <algorithm>

namespace capsule::look {

inline constexpr Colour deep = Colour::rgb(0x103c4a), deeper = Colour::rgb(0x0a2a35);
inline constexpr Colour paper = Colour::rgb(0xffffff), text = Colour::rgb(0xffffff), soft = Colour::rgb(0xcfe3e8);
inline constexpr Colour accent = Colour::rgb(0xffcb69), ink = Colour::rgb(0x10242b);

// Lengths are written for a shorter side of 1080.
inline double unit(Size stage) { return std::min(stage.width, stage.height) / 1080.0; }

inline TextStyle style(double size, Weight weight, const std::string& language, double least = 0) {
    TextStyle out;
    out.size = size;
    out.least_size = least;
    out.weight = weight;
    out.language = language;
    return out;
}

// The ground of a full card: one calm colour and two soft lights.
inline void ground(Canvas& canvas) {
    const auto [width, height] = canvas.size();
    canvas.fill_gradient(deep, deeper);
    canvas.soft_disc(width * 0.08, height * 0.06, std::max(width, height) * 0.42, Colour::rgb(0x2b7285).faded(0.45));
    canvas.soft_disc(width * 0.95, height * 1.02, std::max(width, height) * 0.40, Colour::rgb(0x1f5f70).faded(0.5));
}

} // namespace capsule::look
