#include "player/audio/sink.hpp"
#include "player/lib/sdl/audio_device.hpp"

namespace capsule {

namespace {

constexpr int buffer_frames = 1024;

struct SystemDevice final : AudioDevice {
    explicit SystemDevice(sdl::AudioDevice d) : device(std::move(d)) {}
    bool alive() const override { return device.alive(); }
    sdl::AudioDevice device;
};

} // namespace

Result<OpenDevice> open_system_device(const Clock& clock) {
    auto mixer = std::make_shared<Mixer>();
    auto device = sdl::AudioDevice::open(
        buffer_frames, [mixer, &clock](std::span<float> stereo) { mixer->pull(stereo, clock.monotonic()); });
    if (!device)
        return device.error();
    return OpenDevice{std::make_unique<SystemDevice>(std::move(*device)), std::move(mixer)};
}

} // namespace capsule
