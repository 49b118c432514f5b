#include "player/audio/sink.hpp"

#include <vector>

namespace capsule {

namespace {

class NullSink final : public AudioSink {
public:
    explicit NullSink(const Clock& clock) : m_clock(clock), m_next_pull(clock.monotonic()) {}

    std::shared_ptr<Mixer> mixer() override {
        const Nanoseconds now = m_clock.monotonic();
        if (now - m_next_pull > std::chrono::seconds(5))
            m_next_pull = now - std::chrono::seconds(5);
        std::vector<float> buffer(buffer_frames * 2);
        for (; m_next_pull <= now; m_next_pull += period)
            m_mixer->pull(buffer, m_next_pull);
        return m_mixer;
    }

private:
    static constexpr std::int64_t buffer_frames = 960;
    static constexpr Nanoseconds period{buffer_frames * 1'000'000'000 / sound_rate};

    const Clock& m_clock;
    Nanoseconds m_next_pull;
    const std::shared_ptr<Mixer> m_mixer = std::make_shared<Mixer>();
};

} // namespace

std::unique_ptr<AudioSink> make_null_sink(const Clock& clock) { return std::make_unique<NullSink>(clock); }

} // namespace capsule
