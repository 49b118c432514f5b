// Where rows stand in time: boot time to UTC by the anchors of the same boot. Reentrant, within the caller's transaction.
//
// The best anchor for a row is the one with the smallest error at the row: its own bound, and a ten-thousandth of the distance
// for the drift of the boot clock. Of two that are equally good the nearer holds, then the earlier: the order in which anchors
// came decides nothing. A later, better anchor places rows again.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/ledger/row.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace capsule::server {

struct Placement {
    std::int64_t utc_ms = 0;
    std::int64_t error_ms = 0; // the truth is within utc_ms ± error_ms
    bool operator==(const Placement&) const = default;
};

Placement placed_by(const AnchorRow& anchor, std::int64_t boot_ms);

// Looks anchors up with statements that are prepared once. Must not outlive the connection.
class Placer {
public:
    explicit Placer(sqlite::Database& database) : m_database(database) {}
    // Empty: the boot has no anchor, or a foolish one (before 1970, beyond the year 9999); the row is bounded, not placed.
    Result<std::optional<Placement>> place(std::string_view device, std::string_view boot, std::int64_t boot_ms);

private:
    sqlite::Database& m_database;
    std::optional<sqlite::Statement> m_before, m_after, m_smallest;
};

// With a placer of its own.
Result<std::optional<Placement>> place(sqlite::Database& database, std::string_view device, std::string_view boot, std::int64_t boot_ms);

// Keeps the anchor; places nothing.
Result<void> keep_anchor(sqlite::Database& database, const RowHeader& header, std::int64_t journal_id, const AnchorRow& anchor);

// Rows of the anchor's boot from `from` to `to` (boot time, both included) may stand better by it; outside they cannot. Call it
// before the anchor is kept.
struct Reach {
    std::int64_t from = 0, to = 0;
};
Result<Reach> reach_of(sqlite::Database& database, const RowHeader& header, const AnchorRow& anchor);

} // namespace capsule::server
