#include "player/media/frame_times.hpp"

namespace capsule {

using namespace std::chrono_literals;

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
    if (timestamp)
        m_origin = *timestamp - time.pts;
    m_last = time;
    return time;
}

} // namespace capsule
