#include "player/audio/sample_queue.hpp"
#include "player/audio/sink.hpp"

#include <vector>

namespace capsule {

namespace {

// Pulls what a device would have pulled by now, whenever it is looked at.
class NullSink final : public AudioSink {
public:
    explicit NullSink(const Clock& clock) : m_clock(clock), m_pulled_until(clock.monotonic()) {}

    std::size_t write(std::span<const float> stereo, float gain) override {
        catch_up(m_clock.monotonic());
        return m_queue.write(stereo, gain);
    }
    void clear() override {
        catch_up(m_clock.monotonic());
        m_queue.clear();
    }
    std::int64_t written() const override { return m_queue.written(); }
    std::int64_t heard(Nanoseconds now) const override {
        catch_up(now);
        return m_queue.heard(now, latency);
    }
    bool alive() const override { return true; }
    std::string description() const override { return "no sound device"; }

private:
    static constexpr std::int64_t buffer_frames = 1024;
    static constexpr Nanoseconds latency{buffer_frames * 1'000'000'000 / 48000};

    void catch_up(Nanoseconds now) const {
        std::vector<float> buffer(buffer_frames * 2);
        if (now - m_pulled_until > std::chrono::seconds(5))
            m_pulled_until = now - std::chrono::seconds(5);
        while (m_pulled_until + latency <= now) {
            m_pulled_until += latency;
            m_queue.pull(buffer, m_pulled_until);
        }
    }

    const Clock& m_clock;
    mutable SampleQueue m_queue{48000};
    mutable Nanoseconds m_pulled_until;
};

} // namespace

std::unique_ptr<AudioSink> make_null_sink(const Clock& clock) { return std::make_unique<NullSink>(clock); }

} // namespace capsule
