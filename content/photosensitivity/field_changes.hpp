// Opposing changes of one field of the picture, general and red. Pure values; the rules: README.md.
#pragma once

#include <algorithm>
#include <cmath>

namespace capsule::photosensitivity {

struct Light {
    float red = 0, green = 0, blue = 0; // linear, 0 to 1
    float luminance() const { return 0.2126f * red + 0.7152f * green + 0.0722f * blue; }
    float sum() const { return red + green + blue; }
};

// Relative luminance from one turning point to the next.
class LuminanceChanges {
public:
    static constexpr float least = 0.1f, darker_below = 0.8f;

    // True: this picture completes a change that opposes the one before (or is the first).
    bool step(float value) {
        if (m_direction == Direction::unknown && m_high < 0) {
            m_low = m_high = value;
            return false;
        }
        m_low = std::min(m_low, value);
        m_high = std::max(m_high, value);
        if (m_direction != Direction::up && value - m_low >= least && m_low < darker_below) {
            m_direction = Direction::up;
            m_high = value;
            return true;
        }
        if (m_direction != Direction::down && m_high - value >= least && value < darker_below) {
            m_direction = Direction::down;
            m_low = value;
            return true;
        }
        return false;
    }

private:
    enum class Direction : unsigned char { unknown, up, down };
    float m_low = 2, m_high = -1; // since the last change
    Direction m_direction = Direction::unknown;
};

struct Chromaticity {
    float u = 0.19784f, v = 0.46834f; // CIE 1976 UCS; white
    float from(const Chromaticity& other) const { return std::hypot(u - other.u, v - other.v); }
};

constexpr float colourless_below = 0.02f;

inline Chromaticity chromaticity(const Light& light) {
    if (light.sum() < colourless_below)
        return {};
    const float x = 0.4124f * light.red + 0.3576f * light.green + 0.1805f * light.blue;
    const float y = light.luminance();
    const float z = 0.0193f * light.red + 0.1192f * light.green + 0.9505f * light.blue;
    const float whole = x + 15 * y + 3 * z;
    return {4 * x / whole, 9 * y / whole};
}

inline bool is_saturated_red(const Light& light) { return light.sum() >= colourless_below && light.red >= 0.8f * light.sum(); }

// To a saturated red and away from it.
class RedChanges {
public:
    static constexpr float least = 0.2f;

    // True: this picture completes a change that opposes the one before (or is the first).
    bool step(const Light& light) {
        const bool red = is_saturated_red(light);
        if (!m_known && !red && !m_red) { // the usual case: nothing red so far
            m_anchor = chromaticity(light);
            m_known = true;
            return false;
        }
        const Chromaticity here = chromaticity(light);
        if (!m_known) {
            m_known = true;
            m_red = red;
            m_anchor = here;
            return false;
        }
        const bool far = here.from(m_anchor) > least;
        if (far && (m_red || red)) {
            const bool towards = red && !m_red;
            const bool changed = towards || m_red;
            m_red = towards || (m_red && red);
            m_anchor = here;
            return changed;
        }
        // The turning point moves on: in red towards red, outside away from it.
        const bool redder = here.u > m_anchor.u;
        if (m_red ? (red && redder) : !redder)
            m_anchor = here;
        return false;
    }

private:
    Chromaticity m_anchor;
    bool m_known = false, m_red = false;
};

} // namespace capsule::photosensitivity
