#include "player/audio/mixer.hpp"

#include <algorithm>

namespace capsule {

namespace {
constexpr std::int64_t least_questions = 4;
}

void Mixer::pull(std::span<float> stereo, Nanoseconds now) {
    const std::lock_guard lock(m_mutex);
    const std::size_t frames = stereo.size() / 2;
    m_clock.asked(m_next, frames, now);
    m_last_asked = now;
    ++m_questions;
    std::fill(stereo.begin(), stereo.end(), 0.0F);
    for (const auto& voice : m_voices)
        voice->add_to(stereo, m_next);
    for (float& sample : stereo)
        sample = std::clamp(sample, -1.0F, 1.0F);
    m_next += static_cast<std::int64_t>(frames);
    std::erase_if(m_voices, [this](const auto& voice) { return voice->over(m_next); });
}

bool Mixer::running(Nanoseconds now, Nanoseconds within) const {
    const std::lock_guard lock(m_mutex);
    return m_questions >= least_questions && now - m_last_asked < within;
}

std::shared_ptr<Voice> Mixer::voice(std::int64_t first) {
    const std::lock_guard lock(m_mutex);
    m_voices.push_back(std::make_shared<Voice>(first));
    return m_voices.back();
}

std::size_t Mixer::write(Voice& voice, std::span<const float> stereo, float gain) {
    const std::lock_guard lock(m_mutex);
    return voice.write(stereo, gain);
}

void Mixer::skip_to(Voice& voice, std::int64_t position) {
    const std::lock_guard lock(m_mutex);
    voice.skip_to(position);
}

void Mixer::stop_at(Voice& voice, std::int64_t position) {
    const std::lock_guard lock(m_mutex);
    voice.stop_at(position);
}

std::int64_t Mixer::written(const Voice& voice) const {
    const std::lock_guard lock(m_mutex);
    return voice.written();
}

std::int64_t Mixer::taken(const Voice& voice) const {
    const std::lock_guard lock(m_mutex);
    return voice.taken();
}

std::int64_t Mixer::next_asked() const {
    const std::lock_guard lock(m_mutex);
    return m_next;
}

std::int64_t Mixer::position_at(Nanoseconds time) const {
    const std::lock_guard lock(m_mutex);
    return m_clock.position_at(time);
}

Nanoseconds Mixer::time_of(std::int64_t position) const {
    const std::lock_guard lock(m_mutex);
    return m_clock.time_of(position);
}

Nanoseconds Mixer::latency() const {
    const std::lock_guard lock(m_mutex);
    return m_clock.latency();
}

double Mixer::speed() const {
    const std::lock_guard lock(m_mutex);
    return m_clock.speed();
}

int Mixer::breaks() const {
    const std::lock_guard lock(m_mutex);
    return m_clock.breaks();
}

} // namespace capsule
