#include "player/playback/sound.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace capsule {

using namespace std::chrono_literals;

namespace {

constexpr std::int64_t ahead = sound_rate * 3 / 10;
constexpr std::int64_t margin = sound_rate / 100; // what is written must get there before the device asks
constexpr std::int64_t tolerated = sound_rate / 50; // timestamps of some containers are only good to milliseconds

std::int64_t frames_of(Nanoseconds time) { return time.count() * sound_rate / 1'000'000'000; }
Nanoseconds time_of(std::int64_t frames) { return Nanoseconds(frames * 1'000'000'000 / sound_rate); }

} // namespace

// Finds the device, or the next one after it was lost, or its new place after it stood still.
bool Sound::attached(Nanoseconds zero) {
    auto mixer = m_sink.mixer();
    if (mixer == m_mixer && (!mixer || mixer->breaks() == m_breaks))
        return mixer != nullptr;
    if (m_mixer) {
        stop(std::nullopt);
        m_heard_before += m_mixer->taken(*m_voice);
        m_block.reset();
        m_silence_left = 0;
    }
    m_mixer = std::move(mixer);
    m_voice = nullptr;
    if (!m_mixer)
        return false;
    m_breaks = m_mixer->breaks();
    const std::int64_t wanted = m_mixer->position_at(zero), possible = m_mixer->next_asked() + margin;
    // At its start nothing may be cut; in the middle, the picture is where it is.
    m_base = m_started || m_dropped > 0 ? wanted : std::max(wanted, possible);
    m_voice = m_mixer->voice(std::max(m_base, possible));
    return true;
}

void Sound::drop_until(Reader& reader, Nanoseconds time) {
    while (m_block || next_block(reader)) {
        const auto frames = static_cast<std::int64_t>(m_block->samples.size() / 2);
        if (m_block->pts + time_of(frames) > time)
            return; // wait for its turn: the device may come back until then
        m_dropped += frames - static_cast<std::int64_t>(m_taken);
        m_block.reset();
    }
}

bool Sound::next_block(Reader& reader) {
    m_block = reader.take_audio();
    m_taken = 0;
    return m_block.has_value();
}

bool Sound::write_silence() {
    static constexpr std::array<float, 2048> nothing{};
    const auto wanted = std::min<std::int64_t>(m_silence_left, static_cast<std::int64_t>(nothing.size() / 2));
    const auto silence = std::span(nothing).first(static_cast<std::size_t>(wanted) * 2);
    const auto written = static_cast<std::int64_t>(m_mixer->write(*m_voice, silence, m_gain()));
    m_silence_left -= written;
    return written > 0;
}

void Sound::feed(Reader& reader, Nanoseconds now, Nanoseconds zero) {
    if (!attached(zero))
        return drop_until(reader, now - zero);
    const float gain = m_gain();
    for (;;) {
        const std::int64_t asked = m_mixer->next_asked();
        if (m_mixer->written(*m_voice) - asked >= ahead)
            return;
        if (m_silence_left > 0) {
            if (!write_silence())
                return;
            continue;
        }
        if (!m_block) {
            if (!next_block(reader))
                return;
            if (m_started && m_mixer->written(*m_voice) < asked) {
                // It ran dry, so the picture stood still as well: the rest is heard that much later.
                const std::int64_t before = here();
                m_mixer->skip_to(*m_voice, asked + margin);
                m_base = m_mixer->written(*m_voice) - before;
            }
            // Where the block belongs against where the device stands: a hole becomes silence, what is early is cut.
            const std::int64_t off = frames_of(m_block->pts) - here();
            const auto frames = static_cast<std::int64_t>(m_block->samples.size() / 2);
            const std::int64_t allowed = m_started ? tolerated : 0;
            if (off > allowed && off < frames_of(10s))
                m_silence_left = off;
            else if (off < -allowed)
                m_taken = static_cast<std::size_t>(std::min(-off, frames));
            m_dropped += static_cast<std::int64_t>(m_taken);
            if (static_cast<std::int64_t>(m_taken) < frames)
                m_started = true;
            continue;
        }
        const std::span<const float> rest = std::span(m_block->samples).subspan(m_taken * 2);
        const std::size_t written = rest.empty() ? 0 : m_mixer->write(*m_voice, rest, gain);
        m_taken += written;
        m_given += static_cast<std::int64_t>(written);
        if (m_taken * 2 >= m_block->samples.size())
            m_block.reset();
        else if (written == 0)
            return;
    }
}

std::optional<Nanoseconds> Sound::zero() const {
    if (!m_voice)
        return std::nullopt;
    return m_mixer->time_of(m_base);
}

std::optional<Nanoseconds> Sound::heard(Nanoseconds now) const {
    if (!m_voice || !m_started || !m_mixer->running(now))
        return std::nullopt;
    const std::int64_t position = m_mixer->position_at(now);
    if (position < m_base || position >= m_mixer->written(*m_voice))
        return std::nullopt;
    return time_of(position - m_base);
}

bool Sound::was_heard() const {
    const std::int64_t taken = m_heard_before + (m_voice ? m_mixer->taken(*m_voice) : 0);
    // What is still waiting was not due yet.
    const std::int64_t waiting = m_voice ? std::max<std::int64_t>(m_mixer->written(*m_voice) - m_mixer->next_asked(), 0) : 0;
    return taken > 0 && taken * 2 >= std::max<std::int64_t>(m_given - waiting, 0) + m_dropped;
}

void Sound::stop(std::optional<Nanoseconds> at) {
    if (m_voice)
        m_mixer->stop_at(*m_voice, at ? m_mixer->position_at(*at) : m_mixer->next_asked());
}

} // namespace capsule
