// Makes countable records of rows: showings, anchors, gaps, and what is summed from them. Reentrant, within the caller's
// transaction.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/ledger/batch.hpp"
#include "playlists/server/ledger/local_hour.hpp"

#include <cstdint>
#include <span>

namespace capsule::server {

// The batch by which rows came.
struct BookedBatch {
    std::int64_t id = 0, journal_id = 0;
    Instant received_at{};
};

// Of rows that have just been kept.
Result<void> book(sqlite::Database& database, const BookedBatch& batch, std::span<const ReceivedRow> rows, const SiteZones& zones);

// For the rebuild: showings and gaps only, placed by the anchors that are there; the caller makes boots, coverage and sums.
Result<void> book_again(sqlite::Database& database, const BookedBatch& batch, std::span<const ReceivedRow> rows, const SiteZones& zones);

} // namespace capsule::server
