// A sound device that pulls what it plays. The source is called on SDL's sound thread.
#pragma once

#include "content/base/result.hpp"

#include <functional>
#include <memory>
#include <span>

namespace capsule::sdl {

class AudioDevice {
public:
    // Fills the whole span with interleaved stereo samples; must return at once.
    using Source = std::function<void(std::span<float>)>;

    // 48 kHz stereo float. Refused when no device can be opened.
    static Result<AudioDevice> open(int buffer_frames, Source source);
    AudioDevice(AudioDevice&&) noexcept;
    AudioDevice& operator=(AudioDevice&&) noexcept;
    ~AudioDevice();

    int buffer_frames() const; // what the device really takes at a time
    bool alive() const;        // false once the device has vanished

private:
    struct State;
    explicit AudioDevice(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace capsule::sdl
