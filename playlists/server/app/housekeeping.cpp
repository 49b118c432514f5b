#include "playlists/server/app/housekeeping.hpp"

#include "content/base/log.hpp"
#include "playlists/server/ledger/retention.hpp"

#include <string>

namespace capsule::server {

using namespace std::chrono_literals;

Housekeeping::Housekeeping(ServerDatabase& database, const Clock& clock, std::int64_t keep_rows_days)
    : m_database(database), m_clock(clock), m_keep_rows_days(keep_rows_days), m_thread([this] { keep_house_thread(); }) {}

Housekeeping::~Housekeeping() {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

// Who learns that it failed: the log, at each round.
void Housekeeping::keep_house_thread() {
    std::unique_lock lock(m_mutex);
    while (!m_ending) {
        lock.unlock();
        const Instant before = m_clock.wall() - std::chrono::hours(24) * m_keep_rows_days;
        if (auto lease = m_database.lease()) {
            const auto dropped = drop_rows(**lease, before, m_clock.wall(), std::to_string(m_keep_rows_days) + " days");
            if (!dropped)
                log_error("server", "rows that are due could not be dropped: " + dropped.error().message);
            else if (*dropped > 0)
                log_info("server", std::to_string(*dropped) + " rows older than " + std::to_string(m_keep_rows_days) +
                                       " days were dropped");
        } else {
            log_error("server", "rows that are due could not be dropped: " + lease.error().message);
        }
        lock.lock();
        m_changed.wait_for(lock, 6h, [&] { return m_ending; });
    }
}

} // namespace capsule::server
