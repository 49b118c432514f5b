// Where rows stand in time: boot time to UTC by the anchors of the same boot. Reentrant, within the caller's transaction.
//
// The best anchor for a row is the one with the smallest error at the row: its own bound, and a ten-thousandth of the distance for the
// drift of the boot clock. A later, better anchor places rows again.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/ledger/row.hpp"
#include "playlists/server/ledger/local_hour.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace capsule::server {

struct Placement {
    std::int64_t utc_ms = 0;
    std::int64_t error_ms = 0; // the truth is within utc_ms ± error_ms
};

Placement placed_by(const AnchorRow& anchor, std::int64_t boot_ms);

// Empty: the boot has no anchor; the row is bounded, not placed.
Result<std::optional<Placement>> place(sqlite::Database& database, std::string_view device, std::string_view boot, std::int64_t boot_ms);

// Keeps the anchor, and places again the showings of its boot that it places better.
Result<void> add_anchor(sqlite::Database& database, const RowHeader& header, std::int64_t journal_id, const AnchorRow& anchor,
                        const SiteZones& zones);

} // namespace capsule::server
