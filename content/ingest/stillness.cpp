#include "content/ingest/stillness.hpp"

#include <cstdlib>

namespace capsule::ingest {

namespace {

constexpr int step = 4;              // every so many pixels, both ways
constexpr int black_below = 32;      // of 255
constexpr double black_part = 0.98;  // of the picture
constexpr int moved_above = 12;      // of 255: more than noise and compression do
constexpr double moved_part = 0.0005;

} // namespace

void StillnessMeter::add(const std::uint8_t* rgb, std::size_t stride, Milliseconds at) {
    m_now.clear();
    std::size_t dark = 0, moved = 0;
    const bool first = m_still.empty();
    for (int y = step / 2; y < m_height; y += step)
        for (int x = step / 2; x < m_width; x += step) {
            const std::uint8_t* pixel = rgb + static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(x) * 3;
            const int luma = (pixel[0] * 54 + pixel[1] * 183 + pixel[2] * 19) >> 8;
            dark += luma < black_below ? 1 : 0;
            if (!first && std::abs(luma - int{m_still[m_now.size()]}) > moved_above)
                ++moved;
            m_now.push_back(static_cast<std::uint8_t>(luma));
        }
    const auto samples = static_cast<double>(m_now.size());
    const bool is_black = static_cast<double>(dark) >= samples * black_part;
    if (is_black && !m_is_black)
        m_black_since = at;
    if (!is_black && m_is_black && at - m_black_since >= shortest_black)
        m_black.push_back({m_black_since, at});
    m_is_black = is_black;
    if (first || static_cast<double>(moved) > samples * moved_part) {
        if (!first && at - m_still_since >= shortest_frozen)
            m_frozen.push_back({m_still_since, at});
        m_still_since = at;
        m_still.swap(m_now);
    }
}

void StillnessMeter::finish(Milliseconds end) {
    if (m_is_black && end - m_black_since >= shortest_black)
        m_black.push_back({m_black_since, end});
    if (!m_still.empty() && end - m_still_since >= shortest_frozen)
        m_frozen.push_back({m_still_since, end});
    m_is_black = false;
    m_still.clear();
}

} // namespace capsule::ingest
