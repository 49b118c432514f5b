// Turns the timestamps that a file carries into a timeline that starts at 0 and only moves forward. Pure; reentrant.
#pragma once

#include "content/base/clock.hpp"

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

    // What was taken off the timestamps so far; empty before the first frame that had one. For sound to follow.
    std::optional<Nanoseconds> origin() const { return m_origin; }

private:
    Nanoseconds believable(Nanoseconds stated) const;

    Nanoseconds m_usual;
    Nanoseconds m_longest_jump;
    std::optional<FrameTime> m_last;
    std::optional<Nanoseconds> m_origin;
};

} // namespace capsule
