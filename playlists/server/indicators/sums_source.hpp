// Reads the sums of a period from the records that can tell them in the fewest cells, or from the showings themselves. Reentrant;
// reads only.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/server/indicators/groups.hpp"

#include <cstdint>

namespace capsule::server {

enum class ReportSource {
    sums, // of `ledger_sum`
    rows, // of each showing: slow, and equal
};

// Local days, both included.
Result<void> read_sums(sqlite::Database& database, std::int64_t from, std::int64_t to, const Dimensions& by, ReportSource source,
                       Groups& into);

// How many screens have a showing booked in the period.
Result<std::int64_t> count_screens(sqlite::Database& database, std::int64_t from, std::int64_t to, ReportSource source);

} // namespace capsule::server
