// Samples on their way to a device, with fades, and where on it they are. Thread-safe: one thread writes, one pulls.
#pragma once

#include "content/base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

namespace capsule {

class SampleQueue {
public:
    // `capacity` in frames of two samples at `rate` a second.
    explicit SampleQueue(std::size_t capacity, int rate = 48000);

    std::size_t write(std::span<const float> stereo, float gain);
    // Keeps a few milliseconds, which fade out; the next write fades in.
    void clear();
    std::int64_t written() const;

    // Fills `stereo`; silence where there is nothing. `now`: when the device asked. Returns how many frames were real.
    std::size_t pull(std::span<float> stereo, Nanoseconds now);
    // Which frame leaves the loudspeaker at `now`, if the device plays what it pulls `latency` later.
    std::int64_t heard(Nanoseconds now, Nanoseconds latency) const;

private:
    mutable std::mutex m_mutex;
    std::vector<float> m_ring;
    const std::size_t m_capacity;
    const int m_rate;
    std::size_t m_first = 0, m_count = 0; // frames
    std::int64_t m_written = 0;
    std::int64_t m_pulled = 0;       // position of the next frame to be pulled
    std::int64_t m_last_frames = 0;  // real frames in the last pull
    Nanoseconds m_last_pull{};
    std::size_t m_fade_in_left = 0;
};

} // namespace capsule
