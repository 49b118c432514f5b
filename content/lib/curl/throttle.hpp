// A ceiling on bytes per second that also holds over short spans. Passive: told the time (monotonic), asks for none. Reentrant.
//
// libcurl's own ceiling is an average: after a pause it lets through all that was not used. Here what was not used is forgiven after a
// quarter of a second: in any span t at most rate · (t + 0.25 s) and one buffer more are taken.
#pragma once

#include "content/base/clock.hpp"

#include <algorithm>
#include <cstdint>

namespace capsule::http {

class Throttle {
public:
    // 0: no ceiling.
    explicit Throttle(std::int64_t bytes_per_second) : m_rate(std::max<std::int64_t>(0, bytes_per_second)) {}

    void came(std::uint64_t bytes, Nanoseconds now) {
        if (m_rate == 0)
            return;
        const double seconds = static_cast<double>(bytes) / static_cast<double>(m_rate);
        m_paid_at = std::max(m_paid_at, now - burst) + Nanoseconds{static_cast<std::int64_t>(seconds * 1e9)};
    }
    // How long nothing more may be taken; 0: go on.
    Nanoseconds wait(Nanoseconds now) const { return std::max(Nanoseconds{0}, m_paid_at - now); }
    bool limits() const { return m_rate > 0; }

private:
    static constexpr Nanoseconds burst = std::chrono::milliseconds(250);

    std::int64_t m_rate;
    Nanoseconds m_paid_at = Nanoseconds::min() / 2;
};

} // namespace capsule::http
