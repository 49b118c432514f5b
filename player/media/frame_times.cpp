#include "player/media/frame_times.hpp"

#include <algorithm>

namespace capsule {

using namespace std::chrono_literals;

namespace {
constexpr Nanoseconds smallest_break = 1ms;
constexpr std::size_t most_breaks = 4;
constexpr Nanoseconds most_overlap = 250ms;
} // namespace

FrameTimes::FrameTimes(Nanoseconds usual, Nanoseconds longest_jump)
    : m_usual(usual >= 1ms && usual <= 60s ? usual : Nanoseconds(40ms)), m_longest_jump(longest_jump) {}

Nanoseconds FrameTimes::believable(Nanoseconds stated) const {
    if (stated <= 0ns)
        return m_usual;
    // Fragmented and cut files give their last frame hours.
    return stated > 10s && stated > 10 * m_usual ? m_usual : stated;
}

FrameTime FrameTimes::next(std::optional<Nanoseconds> timestamp, Nanoseconds stated_duration) {
    FrameTime time{0ns, believable(stated_duration)};
    if (m_last) {
        const Nanoseconds expected = m_last->pts + m_last->duration;
        time.pts = expected;
        if (timestamp && m_origin) {
            const Nanoseconds said = *timestamp - *m_origin;
            if (said > m_last->pts && said <= expected + m_longest_jump)
                time.pts = said;
        }
    }
    if (timestamp) {
        const Nanoseconds origin = *timestamp - time.pts;
        if (m_origin && std::chrono::abs(origin - *m_origin) > smallest_break) {
            m_before.push_front(*m_origin);
            m_before.resize(std::min(m_before.size(), most_breaks));
        }
        m_origin = origin;
    }
    m_last = time;
    return time;
}

Nanoseconds FrameTimes::place_sound(Nanoseconds timestamp, std::optional<Nanoseconds> expected) const {
    if (!m_origin)
        return expected.value_or(timestamp);
    Nanoseconds best = timestamp - *m_origin;
    if (!expected)
        return best;
    for (const Nanoseconds origin : m_before)
        if (std::chrono::abs(timestamp - origin - *expected) < std::chrono::abs(best - *expected))
            best = timestamp - origin;
    // A step back is a break, a step forward a hole, unless it is too long to be one.
    return best < *expected - most_overlap || best > *expected + m_longest_jump ? *expected : best;
}

} // namespace capsule
