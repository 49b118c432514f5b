#include "content/ingest/voice.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace capsule::ingest {

namespace {

constexpr Milliseconds frame_length{20};
constexpr float silent_below = -60, audible_above = -50; // dB of full scale
constexpr std::size_t window = 50;                       // frames: one second
constexpr float least_band_part = 0.5f;                  // of the power
constexpr float deep = 12;                               // dB between loud and soft frames of one second
constexpr int least_syllables = 2;                       // falls and rises in it
constexpr std::size_t bridge = 25;                       // frames of pause that do not end speech
constexpr Milliseconds shortest_speech{600};

float decibels(double power) { return static_cast<float>(10 * std::log10(std::max(power, 1e-12))); }

Milliseconds time_of(std::size_t frame) { return frame_length * static_cast<std::int64_t>(frame); }

} // namespace

VoiceMeter::Biquad VoiceMeter::high_pass(double rate, double corner) {
    const double w = 2 * std::numbers::pi * corner / rate, alpha = std::sin(w) / std::numbers::sqrt2, c = std::cos(w), a0 = 1 + alpha;
    return {(1 + c) / 2 / a0, -(1 + c) / a0, (1 + c) / 2 / a0, -2 * c / a0, (1 - alpha) / a0, 0, 0};
}

VoiceMeter::Biquad VoiceMeter::low_pass(double rate, double corner) {
    const double w = 2 * std::numbers::pi * corner / rate, alpha = std::sin(w) / std::numbers::sqrt2, c = std::cos(w), a0 = 1 + alpha;
    return {(1 - c) / 2 / a0, (1 - c) / a0, (1 - c) / 2 / a0, -2 * c / a0, (1 - alpha) / a0, 0, 0};
}

VoiceMeter::VoiceMeter(int rate)
    : m_frame(static_cast<std::size_t>(std::max(50, rate / 50))), m_high(high_pass(rate, 300)), m_low(low_pass(rate, 3400)) {}

void VoiceMeter::add(std::span<const float> samples) {
    for (const float sample : samples) {
        const double banded = m_low.step(m_high.step(sample));
        m_whole_sum += double{sample} * sample;
        m_band_sum += banded * banded;
        if (++m_count == m_frame) {
            m_frames.push_back({decibels(m_whole_sum / static_cast<double>(m_frame)), decibels(m_band_sum / static_cast<double>(m_frame))});
            m_count = 0;
            m_whole_sum = m_band_sum = 0;
        }
    }
}

void VoiceMeter::finish() {
    find_silence();
    find_speech();
    m_frames.clear();
}

void VoiceMeter::find_silence() {
    std::size_t begin = 0;
    for (std::size_t at = 0; at <= m_frames.size(); ++at)
        if (at == m_frames.size() || m_frames[at].whole > silent_below) {
            if (time_of(at) - time_of(begin) >= shortest_silence)
                m_silent.push_back({time_of(begin), time_of(at)});
            begin = at + 1;
        }
}

void VoiceMeter::find_speech() {
    std::vector<bool> speaks(m_frames.size(), false);
    std::vector<float> levels;
    for (std::size_t begin = 0; begin < m_frames.size(); begin += window / 5) {
        const std::size_t end = std::min(begin + window, m_frames.size());
        if (end - begin < window / 2)
            break;
        levels.clear();
        double whole = 0, band = 0;
        for (std::size_t at = begin; at < end; ++at) {
            levels.push_back(m_frames[at].band);
            whole += std::pow(10, m_frames[at].whole / 10);
            band += std::pow(10, m_frames[at].band / 10);
        }
        std::sort(levels.begin(), levels.end());
        const float loud = levels[levels.size() * 9 / 10], soft = levels[levels.size() / 10];
        if (loud < audible_above || loud - soft < deep || band < whole * least_band_part)
            continue;
        int rises = 0; // from well below the loud level to near it
        bool low = true;
        for (std::size_t at = begin; at < end; ++at) {
            if (m_frames[at].band < loud - deep * 0.75f)
                low = true;
            else if (low && m_frames[at].band > loud - deep * 0.4f) {
                ++rises;
                low = false;
            }
        }
        if (rises < least_syllables)
            continue;
        for (std::size_t at = begin; at < end; ++at)
            if (m_frames[at].band > loud - 20)
                speaks[at] = true;
    }
    for (std::size_t at = 0; at < speaks.size();) {
        if (!speaks[at]) {
            ++at;
            continue;
        }
        std::size_t last = at;
        for (std::size_t next = at; next < speaks.size() && next - last <= bridge; ++next)
            if (speaks[next])
                last = next;
        if (time_of(last + 1) - time_of(at) >= shortest_speech)
            m_speech.push_back({time_of(at), time_of(last + 1)});
        at = last + 1;
    }
}

} // namespace capsule::ingest
