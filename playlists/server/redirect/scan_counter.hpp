// Counts scans off the hot path: a bounded queue, written three times a second by a thread of its own. Thread-safe.
// While they cannot be kept (the database is locked, full, away), counts of a quarter of an hour stay together in memory and are
// tried again each second, for days if need be. Where neither the queue nor what waits has room the count is dropped, never the
// visitor: that is logged, once until the next are kept.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/mailbox.hpp"
#include "content/base/result.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace capsule::server {

struct ScannedLink {
    std::string screen_code, site, capsule, zone; // capsule may be empty
    Instant at{};
    std::int64_t times = 1;
};

class ScanCounter {
public:
    // Keeps all of them or none, in one transaction; called on the counter's thread.
    using Keep = std::function<Result<void>(const std::vector<ScannedLink>&)>;

    explicit ScanCounter(Keep keep);
    ~ScanCounter(); // writes what is queued; what cannot be kept even then is lost and logged

    // Returns at once.
    void count(ScannedLink scan);

private:
    void drop();
    void write_thread();

    const Keep m_keep;
    Mailbox<ScannedLink> m_queue{50'000};
    std::atomic<bool> m_dropped = false;
    std::thread m_thread;
};

// Whether a GET with these headers is a person's (see the folder's README). The values are looked at and forgotten.
bool counts_as_scan(const std::string& purpose, const std::string& user_agent);

} // namespace capsule::server
