// Counts scans off the hot path: a bounded queue, written each half second by a thread of its own. Thread-safe.
// A full queue drops the count, never the visitor: it is logged, once per batch that could not be kept.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/mailbox.hpp"
#include "content/base/result.hpp"

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace capsule::server {

struct ScannedLink {
    std::string screen_code, site, capsule, zone; // capsule may be empty
    Instant at{};
};

class ScanCounter {
public:
    // Keeps a batch in one transaction; called on the counter's thread.
    using Keep = std::function<Result<void>(const std::vector<ScannedLink>&)>;

    explicit ScanCounter(Keep keep);
    ~ScanCounter(); // writes what is queued

    // Returns at once.
    void count(ScannedLink scan);

private:
    void write_thread();

    const Keep m_keep;
    Mailbox<ScannedLink> m_queue{50'000};
    std::atomic<bool> m_dropped = false;
    std::thread m_thread;
};

// Whether a GET with these headers is a person's (see the folder's README). The values are looked at and forgotten.
bool counts_as_scan(const std::string& purpose, const std::string& user_agent);

} // namespace capsule::server
