// The one way in which rows go: by a rule that somebody set, with a record of what went. Reentrant.
//
// Of each journal the rows at the beginning are dropped, in whole batches. What stays: their sums, their anchors, gaps and boots,
// the showings without a place in time, forks, and in `ledger_dropped` the number and digest of the last row that went: from
// there the chain can still be walked.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"

#include <cstdint>
#include <string_view>

namespace capsule::server {

// Drops what was received before `before`, each journal in a transaction of its own; how many rows went. `rule` is told with the
// record. On failure the journals before the one that failed are done.
Result<std::int64_t> drop_rows(sqlite::Database& database, Instant before, Instant now, std::string_view rule);

} // namespace capsule::server
