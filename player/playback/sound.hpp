// The sound of one item on its way from the reader to the sink, and the clock that it makes. Thread-bound: to the presenting thread.
#pragma once

#include "content/base/clock.hpp"
#include "player/audio/sink.hpp"
#include "player/media/reader.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace capsule {

class Sound {
public:
    // What is written from now on belongs to the item. `gain`: 1 leaves it as it is. The sink outlives this object.
    Sound(AudioSink& sink, float gain);

    // Moves what the sink has room for, so that it never runs dry within 300 ms. Returns at once.
    void feed(Reader& reader, Nanoseconds now);
    // The item's time that is being heard at `now`. Empty while nothing of it is heard: before its start, when it has run dry or ended.
    std::optional<Nanoseconds> heard(Nanoseconds now) const;
    bool ever_heard() const { return m_ever_heard; }
    // Fades out what is waiting.
    void stop();

private:
    bool write_silence(std::int64_t frames);

    AudioSink& m_sink;
    float m_gain;
    std::int64_t m_base;           // the sink's position of the item's time 0
    std::optional<AudioBlock> m_block;
    std::size_t m_taken = 0;       // frames of it that were written
    std::int64_t m_silence_left = 0;
    bool m_started = false;
    mutable bool m_ever_heard = false;
};

} // namespace capsule
