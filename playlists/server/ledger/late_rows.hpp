// Rows that come after their device had declared them lost. Reentrant, within the caller's transaction.
//
// A request that was held up on the way for longer than the disk behind it lived, a card that was read again in another machine: such
// rows are not dropped because a loss was already told. Where the chain proves them they are kept and counted like rows that come
// late, and the loss that was told is less by them; where it does not they are kept apart.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/ledger/batch.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace capsule::server {

struct LateRows {
    std::vector<ReceivedRow> proven;       // the chain leads from the kept row before them, and on to the one behind them if it is kept
    std::vector<const ReceivedRow*> apart; // no row before them is kept, or another branch
};

// Of `rows`, which follow each other: those that are not kept though they lie below the acknowledged number. What retention took is not
// among them: it was there.
Result<LateRows> sort_late_rows(sqlite::Database& database, std::int64_t journal_id, std::string_view device,
                                std::string_view journal, const std::vector<const ReceivedRow*>& rows);

// Remembers which of the rows that have just been kept had been declared lost, and by which gap row: the first that did.
Result<void> note_found(sqlite::Database& database, std::int64_t journal_id, std::string_view device, std::string_view journal,
                        std::int64_t first, std::int64_t last, std::int64_t found_ms);

// One more migration.
std::string_view late_rows_schema();

} // namespace capsule::server
