// When each frame of one item is due. Pure; reentrant. Times are of one monotonic clock.
#pragma once

#include "content/base/clock.hpp"

#include <optional>

namespace capsule {

// No frame is left out because the machine was late: the late ones follow each other more quickly, yet each for the better part of a
// refresh, until the timeline is caught up with. Beyond half a second of lateness the timeline is held instead, so that a machine that is
// too slow plays slowly and shows everything. With sound, the timeline follows what is heard.
class Timeline {
public:
    // Frame 0 is due at `start`. `refresh`: the display's period.
    Timeline(Nanoseconds start, Nanoseconds refresh);

    Nanoseconds start() const { return m_start; }
    Nanoseconds due(Nanoseconds pts) const { return m_start + m_held + pts; }
    // When to show it: as due, but not on the heels of the frame before.
    Nanoseconds slot(Nanoseconds pts) const;
    // By how much it has been held in all.
    Nanoseconds held() const { return m_held; }

    // The frame of `pts` was shown at `at`: by how much it was late; 0 when in time.
    Nanoseconds shown(Nanoseconds pts, Nanoseconds at);
    // At `now`, the sound that is heard belongs to `heard`: moves the timeline there, gently when near.
    void follow(Nanoseconds now, Nanoseconds heard);

private:
    Nanoseconds m_start;
    Nanoseconds m_refresh;
    Nanoseconds m_held{};
    std::optional<Nanoseconds> m_last_shown;
};

// Which frames to leave out when a file has more of them than the display can show.
class RateLimit {
public:
    // `refresh`: the display's period as it reports it, 0 when it reports none (then nothing is left out); `usual`: the file's.
    RateLimit(Nanoseconds refresh, Nanoseconds usual);
    // Whether the frame at `pts` has a refresh of its own. In the order of presentation.
    bool wanted(Nanoseconds pts);

private:
    Nanoseconds m_refresh;
    bool m_active;
    std::int64_t m_last_slot = -1;
};

} // namespace capsule
