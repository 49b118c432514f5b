// Of the hours in which screens should have shown something: how many are proven, off, or unknown. Reentrant; reads only.
//
// Expected are the opening hours of each screen's site, as the fleet has them now, since a machine was first enrolled for the
// screen and no later than now; hours that cannot be read count as always open, as the screen takes them. What proves and what
// says "off": playlists/server/ledger/coverage.hpp. To the second.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace capsule::server {

struct ExpectedScreen {
    std::string screen;
    std::string hours; // of its site, OpenStreetMap's opening_hours; empty: always
    std::string zone;
    Instant since{}; // the first machine was enrolled
};

struct OpeningTime {
    std::int64_t screens = 0; // that were expected to show something
    std::int64_t open_ms = 0; // of all screens together
    std::int64_t proven_ms = 0, off_ms = 0;
    std::int64_t unknown_ms() const { return open_ms - proven_ms - off_ms; }
    bool operator==(const OpeningTime&) const = default;
};

// `from`, `to`: local days, both included.
Result<OpeningTime> opening_time(sqlite::Database& database, const std::vector<ExpectedScreen>& screens, std::int64_t from,
                                 std::int64_t to, Instant now);

} // namespace capsule::server
