// Turns the timestamps that a file carries into a timeline that starts at 0 and only moves forward. Pure; reentrant.
#pragma once

#include "content/base/clock.hpp"

#include <deque>
#include <optional>

namespace capsule {

struct FrameTime {
    Nanoseconds pts{};      // from the first frame
    Nanoseconds duration{}; // what the file says, or a guess; the next frame's pts decides unless there is none
};

class FrameTimes {
public:
    // `usual`: the duration of most frames, 0 when unknown. `longest_jump`: a step forward beyond it is a break in the
    // timestamps, not a picture that stays that long.
    explicit FrameTimes(Nanoseconds usual, Nanoseconds longest_jump = std::chrono::minutes(10));

    // In the order of presentation. Without a timestamp, the frame follows the one before. A timestamp that does not move
    // forward, or jumps, is a break: the frame follows the one before and the later ones move along.
    FrameTime next(std::optional<Nanoseconds> timestamp, Nanoseconds stated_duration);

    // Where sound of that timestamp belongs. Sound and pictures meet a break at different moments: of the origins before and after the
    // latest breaks, the one counts that continues the sound at `expected` (empty: its first piece). Beyond a break that the
    // pictures have not met yet, it just continues.
    Nanoseconds place_sound(Nanoseconds timestamp, std::optional<Nanoseconds> expected) const;

private:
    Nanoseconds believable(Nanoseconds stated) const;

    Nanoseconds m_usual;
    Nanoseconds m_longest_jump;
    std::optional<FrameTime> m_last;
    std::optional<Nanoseconds> m_origin; // what is taken off the timestamps; empty before the first frame that had one
    std::deque<Nanoseconds> m_before;    // of the latest breaks, newest first
};

} // namespace capsule
