#include "player/playback/sound.hpp"

#include <algorithm>
#include <array>

namespace capsule {

using namespace std::chrono_literals;

namespace {

constexpr std::int64_t ahead_frames = audio_rate * 3 / 10;

std::int64_t frames_of(Nanoseconds time) { return time.count() * audio_rate / 1'000'000'000; }

} // namespace

Sound::Sound(AudioSink& sink, float gain) : m_sink(sink), m_gain(gain), m_base(sink.written()) {}

bool Sound::write_silence(std::int64_t frames) {
    static constexpr std::array<float, 2048> nothing{};
    const auto wanted = std::min<std::int64_t>(frames, static_cast<std::int64_t>(nothing.size() / 2));
    const auto written = static_cast<std::int64_t>(m_sink.write(std::span(nothing).first(static_cast<std::size_t>(wanted) * 2), 0));
    m_silence_left -= written;
    return written > 0;
}

void Sound::feed(Reader& reader, Nanoseconds now) {
    while (m_sink.written() - m_sink.heard(now) < ahead_frames) {
        if (m_silence_left > 0) {
            if (!write_silence(m_silence_left))
                return;
            continue;
        }
        if (!m_block) {
            m_block = reader.take_audio();
            m_taken = 0;
            if (!m_block)
                return;
            // Where the block belongs against where the sink stands: a hole becomes silence, what is early is cut.
            const std::int64_t off = frames_of(m_block->pts) - (m_sink.written() - m_base);
            const std::int64_t tolerated = m_started ? frames_of(50ms) : 0;
            if (off > tolerated && off < frames_of(10s))
                m_silence_left = off;
            else if (off < -tolerated)
                m_taken = static_cast<std::size_t>(std::min<std::int64_t>(-off, static_cast<std::int64_t>(m_block->samples.size() / 2)));
            m_started = true;
            continue;
        }
        const std::span<const float> rest = std::span(m_block->samples).subspan(m_taken * 2);
        const std::size_t written = rest.empty() ? 0 : m_sink.write(rest, m_gain);
        m_taken += written;
        if (m_taken * 2 >= m_block->samples.size())
            m_block.reset();
        else if (written == 0)
            return;
    }
}

std::optional<Nanoseconds> Sound::heard(Nanoseconds now) const {
    const std::int64_t position = m_sink.heard(now);
    if (!m_started || position < m_base || position >= m_sink.written() || !m_sink.alive())
        return std::nullopt;
    m_ever_heard = true;
    return Nanoseconds((position - m_base) * 1'000'000'000 / audio_rate);
}

void Sound::stop() { m_sink.clear(); }

} // namespace capsule
