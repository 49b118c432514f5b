// Answers QR links from memory and counts them. Thread-safe.
#pragma once

#include "playlists/server/redirect/redirect_table.hpp"
#include "playlists/server/redirect/scan_counter.hpp"

#include <memory>
#include <mutex>

namespace capsule::server {

class Redirector {
public:
    // `keep` writes counts, on a thread of the counter's.
    Redirector(const Clock& clock, ScanCounter::Keep keep) : m_clock(clock), m_counter(std::move(keep)) {}

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
        if (!destination.screen_code.empty())
            m_counter.count({destination.screen_code, destination.site, destination.capsule, destination.zone, m_clock.wall()});
    }

private:
    // Shared, since an answer may still read the table that another thread replaces.
    std::shared_ptr<const RedirectTable> current() const {
        const std::lock_guard lock(m_mutex);
        return m_table;
    }

    const Clock& m_clock;
    mutable std::mutex m_mutex;
    std::shared_ptr<const RedirectTable> m_table;
    ScanCounter m_counter;
};

} // namespace capsule::server
