// Uses of QR links, counted by hour without anything about the person. Reentrant.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/server/ledger/local_hour.hpp"

#include <string>

namespace capsule::server {

struct Scan {
    std::string screen_code; // three characters, normalised
    SiteId site;
    CapsuleId capsule;
    std::string zone; // of the site
};

// Adds one. Whether the request deserves it (no HEAD, no prefetch, no bot) was decided before.
Result<void> count_scan(sqlite::Database& database, const Scan& scan, Instant now);

} // namespace capsule::server
