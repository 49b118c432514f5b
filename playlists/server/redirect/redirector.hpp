// Answers QR links from memory and counts them. Thread-safe.
#pragma once

#include "playlists/server/redirect/redirect_table.hpp"
#include "playlists/server/redirect/scan_counter.hpp"
#include "playlists/server/redirect/scan_limit.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

namespace capsule::server {

class Redirector {
public:
    static constexpr std::int64_t usual_most_per_minute = 60;

    // `keep` writes counts, on a thread of the counter's. `most_per_minute`: uses of one code that count.
    Redirector(const Clock& clock, ScanCounter::Keep keep, std::int64_t most_per_minute = usual_most_per_minute)
        : m_clock(clock), m_limit(most_per_minute), m_counter(std::move(keep)) {}

    // The table from now on.
    void use(RedirectTable table) {
        auto fresh = std::make_shared<const RedirectTable>(std::move(table));
        const std::lock_guard lock(m_mutex);
        m_table = std::move(fresh);
    }
    Destination find(std::string_view code) const {
        const auto table = current();
        return table ? table->find(code) : Destination{};
    }
    // Counts one use of a link that leads to a known screen; returns at once.
    void count(const Destination& destination) {
        if (destination.screen_code.empty())
            return;
        const Instant now = m_clock.wall();
        if (m_limit.admit(destination.screen_code + destination.capsule, now))
            m_counter.count({destination.screen_code, destination.site, destination.capsule, destination.zone, now});
        else
            ++m_held_back;
    }
    // Uses that were not counted since there were too many in their minute, since the start.
    std::uint64_t held_back() const { return m_held_back; }

private:
    // Shared, since an answer may still read the table that another thread replaces.
    std::shared_ptr<const RedirectTable> current() const {
        const std::lock_guard lock(m_mutex);
        return m_table;
    }

    const Clock& m_clock;
    mutable std::mutex m_mutex;
    std::shared_ptr<const RedirectTable> m_table;
    ScanLimit m_limit;
    std::atomic<std::uint64_t> m_held_back = 0;
    ScanCounter m_counter;
};

} // namespace capsule::server
