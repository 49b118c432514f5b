// The sound of one item on its way from the reader to the device, and the clock that it makes. Thread-bound: to the presenting thread.
#pragma once

#include "content/base/clock.hpp"
#include "player/audio/sink.hpp"
#include "player/media/reader.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace capsule {

// The item's time 0 is placed at the position of the device that is heard at the picture's time 0. Nothing is cut to get there: where
// the device has passed that position already, all the sound is heard later, and the picture follows (Deck). Only with a device that
// comes back in the middle, or stood still, what was missed stays missed.
class Sound {
public:
    // `gain`: asked now and then; 1 leaves the samples as they are. The sink outlives this object.
    Sound(AudioSink& sink, std::function<float()> gain) : m_sink(sink), m_gain(std::move(gain)) {}
    ~Sound() { stop(std::nullopt); }
    Sound(const Sound&) = delete;
    Sound& operator=(const Sound&) = delete;

    // Moves what the device will need within 300 ms. `zero`: when the picture's time 0 is (monotonic; may lie ahead). Returns at once.
    void feed(Reader& reader, Nanoseconds now, Nanoseconds zero);
    // When the item's time 0 is heard; empty while there is no device, before the first feed.
    std::optional<Nanoseconds> zero() const;
    // The item's time that is being heard at `now`. Empty while nothing of it is heard: before its start, when it has run dry or ended.
    std::optional<Nanoseconds> heard(Nanoseconds now) const;
    // Whether the devices took at least half of what was theirs to take so far.
    bool was_heard() const;
    // Fades out before `at` (monotonic), or at once.
    void stop(std::optional<Nanoseconds> at);

private:
    bool attached(Nanoseconds zero);
    void drop_until(Reader& reader, Nanoseconds time);
    bool next_block(Reader& reader);
    bool write_silence();
    std::int64_t here() const { return m_mixer->written(*m_voice) - m_base; } // the item's time of the next frame to be written

    AudioSink& m_sink;
    std::function<float()> m_gain;
    std::shared_ptr<Mixer> m_mixer; // shared with the device; null: none yet, or it is gone
    std::shared_ptr<Voice> m_voice; // shared with the mixer
    int m_breaks = 0;               // of the device, when it was found
    std::int64_t m_base = 0;        // the device's position of the item's time 0
    std::optional<AudioBlock> m_block;
    std::size_t m_taken = 0; // frames of it that were written
    std::int64_t m_silence_left = 0;
    std::int64_t m_given = 0, m_dropped = 0; // frames of sound; m_given: also to devices that are gone
    std::int64_t m_heard_before = 0;         // frames that earlier devices took
    bool m_started = false;                  // some of it was written
};

} // namespace capsule
