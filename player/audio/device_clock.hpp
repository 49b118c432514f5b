// When a frame that a device asks for leaves the loudspeaker. Pure; reentrant.
//
// A device asks for blocks in bursts and late by milliseconds, and its crystal runs a little fast or slow. A delay-locked loop
// (Adriaensen, "Using a DLL to filter time", 2005) draws a straight line through these moments and bends it slowly.
#pragma once

#include "content/base/clock.hpp"

#include <cstddef>
#include <cstdint>

namespace capsule {

inline constexpr int sound_rate = 48000; // frames (pairs of samples) a second, everywhere

class DeviceClock {
public:
    // At `at` the device asked for `frames` frames from position `first` on.
    void asked(std::int64_t first, std::size_t frames, Nanoseconds at);

    // Before the first question: false, and what follows has no meaning.
    bool running() const { return m_running; }
    std::int64_t position_at(Nanoseconds time) const; // the frame heard at `time`
    Nanoseconds time_of(std::int64_t position) const; // when that frame is heard
    // From asking for a frame to hearing it. What it asks for at a time, or more when it filled
    // larger buffers at its start.
    Nanoseconds latency() const { return m_latency; }
    // How often it stood still for more than a moment, so that positions from before say nothing of those after.
    int breaks() const { return m_breaks; }
    // How fast the device runs against the monotonic clock: 1.0002 is 200 millionths fast.
    double speed() const { return 1e9 / sound_rate / m_frame; }

private:
    bool m_running = false;
    int m_breaks = 0;
    Nanoseconds m_latency{};
    Nanoseconds m_began{};       // the first question
    std::int64_t m_position = 0; // of the line: a frame …
    double m_time = 0;           // … and when it is heard, nanoseconds
    double m_frame = 1e9 / sound_rate; // nanoseconds a frame
};

} // namespace capsule
