// Black and frozen stretches of a moving picture. Pure; thread-bound: to whoever feeds it. Thresholds: README.md of this folder.
#pragma once

#include "content/ingest/measurement.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace capsule::ingest {

class StillnessMeter {
public:
    static constexpr Milliseconds shortest_black{300}, shortest_frozen{5000};

    StillnessMeter(int width, int height) : m_width(width), m_height(height) {}
    // The next picture: three bytes a pixel, rows `stride` bytes apart.
    void add(const std::uint8_t* rgb, std::size_t stride, Milliseconds at);
    void finish(Milliseconds end);

    const std::vector<Span>& black() const { return m_black; }
    const std::vector<Span>& frozen() const { return m_frozen; }

private:
    int m_width, m_height;
    std::vector<std::uint8_t> m_still; // the picture since which nothing moved
    std::vector<std::uint8_t> m_now;
    bool m_is_black = false;
    Milliseconds m_black_since{0}, m_still_since{0};
    std::vector<Span> m_black, m_frozen;
};

} // namespace capsule::ingest
