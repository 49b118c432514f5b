// Rows that a screen has declared lost for ever (a `gap` row with `lost_…`), so that its journal is taken up again behind them.
// Reentrant, within the caller's transaction.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/ledger/row.hpp"

#include <cstdint>
#include <string_view>

namespace capsule::server {

std::string_view losses_schema();

// Remembers what the row `header` of journal `journal_id` declares. How many numbers are lost by it: neither declared before (a screen
// that was cut off in between declares again) nor among those that were received before the batch `batch_id` (a screen does not know
// what the server has when it takes stock of a damaged file).
Result<std::int64_t> declare_lost(sqlite::Database& database, const RowHeader& header, std::int64_t journal_id, std::int64_t batch_id,
                                  const LostRows& lost);

// How many of the numbers `first` … `last` of the device's journal are declared lost, each once.
Result<std::int64_t> count_declared_lost(sqlite::Database& database, std::string_view device, std::string_view journal,
                                         std::int64_t first, std::int64_t last);

// Whether each number from `first` to `last` of the device's journal is declared lost.
Result<bool> is_declared_lost(sqlite::Database& database, std::string_view device, std::string_view journal, std::int64_t first,
                              std::int64_t last);

} // namespace capsule::server
