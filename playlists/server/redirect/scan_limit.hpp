// How many uses of one code in one minute are counted: a child at the reload button, or a script, must not become an audience.
// Thread-safe. Knows codes and minutes, nothing about who asks.
#pragma once

#include "content/base/clock.hpp"

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace capsule::server {

class ScanLimit {
public:
    explicit ScanLimit(std::int64_t most_per_minute) : m_most(most_per_minute) {}

    // Whether one more of this code counts now. Minutes are those of the wall clock; a step of it begins a new one.
    bool admit(const std::string& code, Instant now) {
        const std::int64_t minute = to_ms(now) / 60'000;
        const std::lock_guard lock(m_mutex);
        if (minute != m_minute) {
            m_minute = minute;
            m_counts.clear();
        }
        return ++m_counts[code] <= m_most;
    }

private:
    const std::int64_t m_most;
    std::mutex m_mutex;
    std::int64_t m_minute = -1;
    std::unordered_map<std::string, std::int64_t> m_counts; // known codes only, so it is bounded
};

} // namespace capsule::server
