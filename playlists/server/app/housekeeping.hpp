// Applies the rule of retention at start and every six hours, on a thread of its own.
#pragma once

#include "content/base/clock.hpp"
#include "playlists/server/database/database.hpp"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace capsule::server {

class Housekeeping {
public:
    // Keeps references. `keep_rows_days` is above 0.
    Housekeeping(ServerDatabase& database, const Clock& clock, std::int64_t keep_rows_days);
    ~Housekeeping(); // ends after the journal that is under way

private:
    void keep_house_thread();

    ServerDatabase& m_database;
    const Clock& m_clock;
    const std::int64_t m_keep_rows_days;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_ending = false;
    std::thread m_thread;
};

} // namespace capsule::server
