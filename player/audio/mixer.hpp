// What one open device is fed with: the voices of what plays and of what is about to, each at its place in the device's time.
// Thread-safe: the presenting thread writes, the device's thread pulls. Positions count frames since the device was opened.
//
// A simpler queue, where whatever is written follows what was written before, starts each item's sound a buffer after its picture.
#pragma once

#include "content/base/clock.hpp"
#include "player/audio/device_clock.hpp"
#include "player/audio/voice.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace capsule {

class Mixer {
public:
    // The device asks at `now`: fills all of `stereo`, with silence where there is nothing.
    void pull(std::span<float> stereo, Nanoseconds now);
    // Whether the device has asked within that time, and often enough to be on its way: some ask once and then not for two seconds.
    bool running(Nanoseconds now, Nanoseconds within = std::chrono::milliseconds(200)) const;

    // The voice is heard until stop(); the mixer keeps it until it has died away.
    std::shared_ptr<Voice> voice(std::int64_t first);
    std::size_t write(Voice& voice, std::span<const float> stereo, float gain);
    void skip_to(Voice& voice, std::int64_t position);
    void stop_at(Voice& voice, std::int64_t position);
    std::int64_t written(const Voice& voice) const;
    std::int64_t taken(const Voice& voice) const;

    // The first position that the device has not asked for yet.
    std::int64_t next_asked() const;
    std::int64_t position_at(Nanoseconds time) const; // which is heard at `time`
    Nanoseconds time_of(std::int64_t position) const; // when it is heard
    Nanoseconds latency() const;
    double speed() const;
    int breaks() const;

private:
    mutable std::mutex m_mutex;
    DeviceClock m_clock;
    std::int64_t m_next = 0;
    std::int64_t m_questions = 0;
    Nanoseconds m_last_asked{};
    std::vector<std::shared_ptr<Voice>> m_voices; // shared with those who write them
};

} // namespace capsule
