#include "player/audio/sample_queue.hpp"
#include "player/audio/sink.hpp"
#include "player/lib/sdl/audio_device.hpp"

namespace capsule {

namespace {

constexpr int buffer_frames = 1024;

class SystemSink final : public AudioSink {
public:
    explicit SystemSink(const Clock& clock) : m_clock(clock) {}

    Result<void> open() {
        auto device = sdl::AudioDevice::open(buffer_frames, [this](std::span<float> stereo) { m_queue.pull(stereo, m_clock.monotonic()); });
        if (!device)
            return device.error();
        m_latency = Nanoseconds(static_cast<std::int64_t>(device->buffer_frames()) * 1'000'000'000 / 48000);
        m_device = std::make_unique<sdl::AudioDevice>(std::move(*device));
        return {};
    }

    std::size_t write(std::span<const float> stereo, float gain) override { return m_queue.write(stereo, gain); }
    void clear() override { m_queue.clear(); }
    std::int64_t written() const override { return m_queue.written(); }
    std::int64_t heard(Nanoseconds now) const override { return m_queue.heard(now, m_latency); }
    bool alive() const override { return m_device->alive(); }
    std::string description() const override { return "the system's sound device"; }

private:
    const Clock& m_clock;
    SampleQueue m_queue{48000};
    Nanoseconds m_latency{};
    std::unique_ptr<sdl::AudioDevice> m_device; // last: its thread pulls from the queue
};

} // namespace

Result<std::unique_ptr<AudioSink>> open_system_sink(const Clock& clock) {
    auto sink = std::make_unique<SystemSink>(clock);
    if (auto opened = sink->open(); !opened)
        return opened.error();
    return std::unique_ptr<AudioSink>(std::move(sink));
}

} // namespace capsule
