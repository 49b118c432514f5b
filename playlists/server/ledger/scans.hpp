// Uses of QR links, counted by hour without anything about the person. Reentrant.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/server/ledger/local_hour.hpp"

#include <span>
#include <string>

namespace capsule::server {

struct Scan {
    std::string screen_code; // three characters, normalised
    SiteId site;
    CapsuleId capsule;
    std::string zone; // of the site
};

struct CountedScan {
    Scan scan;
    Instant at{};
    std::int64_t times = 1;
};

// Adds them, to the counts and to the sums of reports; within the caller's transaction. Whether a request deserves it (no HEAD,
// no prefetch, no bot, not too many in a minute) was decided before.
Result<void> count_scans(sqlite::Database& database, std::span<const CountedScan> scans);
// One, in no transaction of the caller's.
Result<void> count_scan(sqlite::Database& database, const Scan& scan, Instant now);

} // namespace capsule::server
