#include "player/audio/device_clock.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace capsule {

namespace {

constexpr double nominal = 1e9 / sound_rate;
constexpr double bandwidth = 0.3;        // hertz: jitter of 5 ms moves the line by a third of one
constexpr double most_off = 0.03;        // drivers that only pretend to be a device sleep in whole milliseconds
constexpr double early = 2e6;
constexpr double broken = 100e6;         // beyond 100 ms the device has stood still: a new line
constexpr std::int64_t at_start = sound_rate / 2; // how long buffers are being filled

Nanoseconds length(double frames) { return Nanoseconds(std::llround(frames * nominal)); }

} // namespace

void DeviceClock::asked(std::int64_t first, std::size_t frames, Nanoseconds at) {
    if (!m_running) {
        m_running = true;
        m_began = at;
    }
    bool anew = first == 0;
    if (first < at_start) {
        // It cannot have played more than the time since it began: what it asked for beyond that waits in its buffers.
        const Nanoseconds waiting = length(static_cast<double>(first)) - (at - m_began);
        const Nanoseconds least = std::max(waiting, length(static_cast<double>(frames)));
        if (least > m_latency) {
            m_latency = least;
            anew = true;
        }
    }
    const auto heard = static_cast<double>((at + m_latency).count());
    const double expected = m_time + static_cast<double>(first - m_position) * m_frame;
    const double off = heard - expected;
    m_position = first;
    if (anew || std::fabs(off) > broken) {
        m_breaks += anew ? 0 : 1;
        m_time = heard;
        return;
    }
    if (first < at_start && off < -early) { // buffers are being filled ahead of time: that says nothing of the pace
        m_time = expected;
        return;
    }
    const double omega = 2 * std::numbers::pi * bandwidth * static_cast<double>(frames) * nominal / 1e9;
    m_time = expected + std::min(1.0, std::numbers::sqrt2 * omega) * off;
    m_frame += omega * omega * off / static_cast<double>(std::max<std::size_t>(frames, 1));
    m_frame = std::clamp(m_frame, nominal * (1 - most_off), nominal * (1 + most_off));
}

std::int64_t DeviceClock::position_at(Nanoseconds time) const {
    return m_position + std::llround(std::floor((static_cast<double>(time.count()) - m_time) / m_frame));
}

Nanoseconds DeviceClock::time_of(std::int64_t position) const {
    return Nanoseconds(std::llround(m_time + static_cast<double>(position - m_position) * m_frame));
}

} // namespace capsule
