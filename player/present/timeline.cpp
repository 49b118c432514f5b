#include "player/present/timeline.hpp"

#include <algorithm>

namespace capsule {

using namespace std::chrono_literals;

namespace {
constexpr Nanoseconds most_caught_up = 500ms;
}

Timeline::Timeline(Nanoseconds start, Nanoseconds refresh) : m_start(start), m_refresh(refresh) {}

Nanoseconds Timeline::slot(Nanoseconds pts) const {
    const Nanoseconds ideal = due(pts);
    return m_last_shown ? std::max(ideal, *m_last_shown + m_refresh * 3 / 4) : ideal;
}

Nanoseconds Timeline::shown(Nanoseconds pts, Nanoseconds at) {
    const Nanoseconds late = std::max(at - due(pts), 0ns);
    if (late >= most_caught_up)
        m_held += late;
    m_last_shown = late > 0ns ? std::optional(at) : std::nullopt;
    return late;
}

void Timeline::follow(Nanoseconds now, Nanoseconds heard) {
    const Nanoseconds off = now - due(heard); // positive: the picture is ahead of the sound
    // Within a hundred milliseconds a tenth at a time, which nobody sees; beyond, at once.
    m_held += off > 100ms || off < -100ms ? off : off / 10;
}

RateLimit::RateLimit(Nanoseconds refresh, Nanoseconds usual)
    : m_refresh(refresh), m_active(refresh > 0ns && usual > 0ns && usual * 10'000 < refresh * 9'995) {}

bool RateLimit::wanted(Nanoseconds pts) {
    if (!m_active)
        return true;
    const std::int64_t slot = (pts + m_refresh / 2) / m_refresh;
    if (slot <= m_last_slot)
        return false;
    m_last_slot = slot;
    return true;
}

} // namespace capsule
