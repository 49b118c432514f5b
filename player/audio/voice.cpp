#include "player/audio/voice.hpp"

#include <algorithm>

namespace capsule {

namespace {
constexpr std::size_t capacity = 24000;                // half a second
constexpr std::size_t fade_frames = 240;               // 5 ms
constexpr float gain_step = 1.0F / (0.05F * 48000.0F); // from silence to full in 50 ms
} // namespace

Voice::Voice(std::int64_t first) : m_ring(capacity * 2), m_read(first), m_fade_in(fade_frames) {}

std::size_t Voice::write(std::span<const float> stereo, float gain) {
    if (m_stopped)
        return stereo.size() / 2;
    if (m_gain < 0)
        m_gain = gain;
    const std::size_t frames = std::min(stereo.size() / 2, capacity - m_count);
    for (std::size_t i = 0; i < frames; ++i) {
        m_gain += std::clamp(gain - m_gain, -gain_step, gain_step);
        float factor = m_gain;
        if (m_fade_in > 0) {
            factor *= 1.0F - static_cast<float>(m_fade_in) / static_cast<float>(fade_frames);
            --m_fade_in;
        }
        const std::size_t place = (m_head + m_count + i) % capacity;
        m_ring[2 * place] = stereo[2 * i] * factor;
        m_ring[2 * place + 1] = stereo[2 * i + 1] * factor;
    }
    m_count += frames;
    return frames;
}

void Voice::skip_to(std::int64_t position) {
    if (m_count > 0 || position <= m_read)
        return;
    m_read = position;
    m_fade_in = fade_frames;
}

void Voice::stop_at(std::int64_t position) {
    m_stopped = true;
    const std::int64_t wanted = std::max<std::int64_t>(position - m_read, static_cast<std::int64_t>(fade_frames));
    m_count = std::min(m_count, static_cast<std::size_t>(wanted));
    const std::size_t faded = m_count >= fade_frames ? fade_frames : 0; // less than that dies away after its end
    for (std::size_t i = 0; i < faded; ++i) {
        const std::size_t place = (m_head + m_count - faded + i) % capacity;
        const float factor = 1.0F - static_cast<float>(i + 1) / static_cast<float>(faded);
        m_ring[2 * place] *= factor;
        m_ring[2 * place + 1] *= factor;
    }
}

void Voice::add_to(std::span<float> stereo, std::int64_t first) {
    const std::size_t frames = stereo.size() / 2;
    const std::size_t before = m_read > first ? std::min(frames, static_cast<std::size_t>(m_read - first)) : 0;
    sound_tail(stereo.first(before * 2), 0);
    // What stands before `first` came too late for the device; skip_to keeps that from happening.
    while (m_count > 0 && m_read < first) {
        m_head = (m_head + 1) % capacity;
        --m_count;
        ++m_read;
    }
    const std::size_t heard = std::min(frames - before, m_count);
    for (std::size_t i = 0; i < heard; ++i) {
        const std::size_t place = (m_head + i) % capacity;
        stereo[2 * (before + i)] += m_ring[2 * place];
        stereo[2 * (before + i) + 1] += m_ring[2 * place + 1];
    }
    if (heard > 0) {
        const std::size_t last = (m_head + heard - 1) % capacity;
        m_last[0] = m_ring[2 * last];
        m_last[1] = m_ring[2 * last + 1];
        m_tail = fade_frames;
        m_head = (m_head + heard) % capacity;
        m_count -= heard;
        m_read += static_cast<std::int64_t>(heard);
        m_taken += static_cast<std::int64_t>(heard);
        if (heard < frames - before)
            m_fade_in = fade_frames; // it ran dry: what comes next is a new start
    }
    if (before + heard < frames)
        sound_tail(stereo, before + heard);
}

void Voice::sound_tail(std::span<float> stereo, std::size_t from) {
    const std::size_t frames = stereo.size() / 2;
    for (std::size_t i = from; i < frames && m_tail > 0; ++i) {
        --m_tail;
        const float factor = static_cast<float>(m_tail) / static_cast<float>(fade_frames);
        stereo[2 * i] += m_last[0] * factor;
        stereo[2 * i + 1] += m_last[1] * factor;
    }
}

} // namespace capsule
