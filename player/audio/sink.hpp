// Where sound goes: a device that may be missing, come, go and come back. Thread-safe.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "player/audio/mixer.hpp"

#include <functional>
#include <memory>
#include <string>

namespace capsule {

class AudioSink {
public:
    virtual ~AudioSink() = default;
    // The mixer of the device that runs now; null while there is none. A device that comes back has another mixer, with positions of
    // its own; what is written to the old one is heard by nobody. Returns at once.
    virtual std::shared_ptr<Mixer> mixer() = 0;
};

// A device that is open and pulls from the mixer it was opened with.
class AudioDevice {
public:
    virtual ~AudioDevice() = default;
    virtual bool alive() const = 0; // false once it has vanished
};

struct OpenDevice {
    std::unique_ptr<AudioDevice> device; // pulls until it is destroyed
    std::shared_ptr<Mixer> mixer;
};
// May block for as long as the system likes.
using DeviceOpener = std::function<Result<OpenDevice>()>;

// Hears nothing, at the pace of a device: pulls what one would have pulled by then, whenever it is looked at. For tests.
std::unique_ptr<AudioSink> make_null_sink(const Clock& clock);

// The system's device, opened 1024 frames (21 ms) at a time.
Result<OpenDevice> open_system_device(const Clock& clock);

} // namespace capsule
