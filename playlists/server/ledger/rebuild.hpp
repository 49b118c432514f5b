// Makes all that is derived from rows anew: showings, anchors, gaps, boots, sums, coverage. Reentrant.
//
// It is no replay: all anchors are read before the first showing is placed, and the sums are made by one GROUP BY. So that both
// ways come to the same figures says something (tests/playlists/server/ledger/rebuild_test.cpp).
#pragma once

#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/server/ledger/local_hour.hpp"

namespace capsule::server {

// In one transaction: readers see the old figures until it is done, screens' rows wait. What was dropped by retention stays in
// the sums as it was. Corrections stay: they are history. On failure nothing has changed.
Result<void> rebuild_ledger(sqlite::Database& database, const SiteZones& zones);

// The second half of it: boots' off times, coverage and sums from the showings that are there. Within the caller's transaction,
// on tables that are empty.
Result<void> sum_showings(sqlite::Database& database);

// Says that what is derived was made by this version of the program.
Result<void> mark_ledger_current(sqlite::Database& database);

// Whether what is derived was made by this version of the program; when not, rebuild_ledger is due.
Result<bool> ledger_is_current(sqlite::Database& database);

} // namespace capsule::server
