#include "player/audio/sample_queue.hpp"

#include <algorithm>

namespace capsule {

namespace {
constexpr std::size_t fade_frames = 240; // 5 ms at 48 kHz
}

SampleQueue::SampleQueue(std::size_t capacity, int rate)
    : m_ring(capacity * 2), m_capacity(capacity), m_rate(rate), m_fade_in_left(fade_frames) {}

std::size_t SampleQueue::write(std::span<const float> stereo, float gain) {
    const std::lock_guard lock(m_mutex);
    const std::size_t frames = std::min(stereo.size() / 2, m_capacity - m_count);
    for (std::size_t i = 0; i < frames; ++i) {
        float factor = gain;
        if (m_fade_in_left > 0) {
            factor *= 1.0F - static_cast<float>(m_fade_in_left) / static_cast<float>(fade_frames);
            --m_fade_in_left;
        }
        const std::size_t place = (m_first + m_count + i) % m_capacity;
        m_ring[2 * place] = stereo[2 * i] * factor;
        m_ring[2 * place + 1] = stereo[2 * i + 1] * factor;
    }
    m_count += frames;
    m_written += static_cast<std::int64_t>(frames);
    return frames;
}

void SampleQueue::clear() {
    const std::lock_guard lock(m_mutex);
    const std::size_t kept = std::min(m_count, fade_frames);
    for (std::size_t i = 0; i < kept; ++i) {
        const std::size_t place = (m_first + i) % m_capacity;
        const float factor = 1.0F - static_cast<float>(i + 1) / static_cast<float>(kept);
        m_ring[2 * place] *= factor;
        m_ring[2 * place + 1] *= factor;
    }
    m_written -= static_cast<std::int64_t>(m_count - kept);
    m_count = kept;
    m_fade_in_left = fade_frames;
}

std::int64_t SampleQueue::written() const {
    const std::lock_guard lock(m_mutex);
    return m_written;
}

std::size_t SampleQueue::pull(std::span<float> stereo, Nanoseconds now) {
    const std::lock_guard lock(m_mutex);
    const std::size_t frames = std::min(stereo.size() / 2, m_count);
    for (std::size_t i = 0; i < frames; ++i) {
        const std::size_t place = (m_first + i) % m_capacity;
        stereo[2 * i] = m_ring[2 * place];
        stereo[2 * i + 1] = m_ring[2 * place + 1];
    }
    std::fill(stereo.begin() + static_cast<std::ptrdiff_t>(2 * frames), stereo.end(), 0.0F);
    m_first = (m_first + frames) % m_capacity;
    m_count -= frames;
    m_pulled += static_cast<std::int64_t>(frames);
    if (frames > 0) { // silence does not move what is heard
        m_last_frames = static_cast<std::int64_t>(frames);
        m_last_pull = now;
    }
    return frames;
}

std::int64_t SampleQueue::heard(Nanoseconds now, Nanoseconds latency) const {
    const std::lock_guard lock(m_mutex);
    // What was pulled last starts to be heard `latency` after it was pulled.
    const Nanoseconds since = now - m_last_pull - latency;
    const std::int64_t into = since.count() * m_rate / 1'000'000'000;
    return std::min(m_pulled - m_last_frames + into, m_pulled);
}

} // namespace capsule
