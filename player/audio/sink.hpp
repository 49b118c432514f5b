// Where sound goes. write, clear and heard: the presenting thread. What is written is heard in order; what is late is heard late.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace capsule {

// Positions count frames (pairs of samples) at 48 kHz that were written since the sink was opened.
class AudioSink {
public:
    virtual ~AudioSink() = default;

    // Takes what there is room for (about a second in all) and says how many frames that was. `gain`: 1 leaves the samples as they are.
    virtual std::size_t write(std::span<const float> stereo, float gain) = 0;
    // Lets what is waiting fade out within a few milliseconds and forgets the rest. What is written next fades in.
    virtual void clear() = 0;
    // Where the next frame written will stand.
    virtual std::int64_t written() const = 0;
    // Which frame is being heard at `now` (monotonic). Stands still when nothing is left to be heard.
    virtual std::int64_t heard(Nanoseconds now) const = 0;
    // False once the device has vanished: what is written then goes nowhere.
    virtual bool alive() const = 0;
    virtual std::string description() const = 0;
};

// The system's device. Refused when there is none; the caller then goes on in silence.
Result<std::unique_ptr<AudioSink>> open_system_sink(const Clock& clock);
// Hears nothing, with the same clock: for tests and for keeping pace.
std::unique_ptr<AudioSink> make_null_sink(const Clock& clock);

} // namespace capsule
