// A row of the ledger: what happened on one screen, immutable canonical JSON, chained by hash. Reentrant.
// Format: README.md of this folder.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/digest.hpp"
#include "content/base/identifier.hpp"
#include "content/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace capsule {

// Who writes, and where in its journal: on every row.
struct RowHeader {
    std::string device;  // 16 hexadecimal digits
    std::string journal; // 32 hexadecimal digits, made with each new journal
    std::int64_t seq = 0; // from 1, without holes
    Digest prev;          // SHA-256 of the row before; all zero for the first
    std::string boot;     // the kernel's boot id
    bool operator==(const RowHeader&) const = default;
};

enum class ShownItem { capsule, qr_card, card, notice, fallback };
enum class ShowingEnd { complete, cut, skipped, failed, stopped };
enum class PanelState { on, off, unknown };

// One showing, written when it is over.
struct ShowingRow {
    std::int64_t boot_start_ms = 0, boot_end_ms = 0; // CLOCK_BOOTTIME
    std::int64_t wall_start_ms = 0;                  // as the machine had it
    bool clock_synced = false;
    std::optional<std::int64_t> clock_error_ms;
    std::int64_t programme = 0, fleet = 0; // numbers of the documents in force
    ScreenId screen;
    SiteId site;
    PlaylistId playlist;  // empty outside a playlist
    ShownItem item = ShownItem::capsule;
    CapsuleId capsule;    // empty where the item is none; of a QR card, the capsule that it follows
    std::string version;  // digest in hexadecimal; empty likewise
    std::string language;
    std::int64_t due_ms = 0, shown_ms = 0;
    std::int64_t frames_due = 0, frames_shown = 0, frames_late = 0;
    ShowingEnd end = ShowingEnd::complete;
    PanelState panel = PanelState::unknown;
    std::string sound = "muted";   // "muted", "on", "none" (the capsule has none)
    std::string captions = "none"; // language that was drawn, or "none"
    bool operator==(const ShowingRow&) const = default;
};

// Boot time ↔ UTC.
struct AnchorRow {
    std::int64_t boot_ms = 0, utc_ms = 0, error_ms = 0;
    std::string source; // "server", "ntp", "stick", "rtc"
    bool operator==(const AnchorRow&) const = default;
};

// Numbers whose rows will never come: the server may go on behind them.
struct LostRows {
    std::string journal; // of the same device
    std::int64_t first = 0, last = 0;
    bool operator==(const LostRows&) const = default;
};

// What is known to be lost.
struct GapRow {
    std::int64_t count = 0;                              // showings, 0 when unknown
    std::int64_t boot_start_ms = 0, boot_end_ms = 0;
    std::string reason;                                  // "disk", "salvage", …
    std::optional<LostRows> lost{};                      // empty: what was lost never had a number
    bool operator==(const GapRow&) const = default;
};

struct StateRow {
    std::int64_t boot_ms = 0, wall_ms = 0;
    std::string what; // "start", "stop", "panel", "sound", "release"
    std::string value;
    bool operator==(const StateRow&) const = default;
};

struct Row {
    RowHeader header;
    std::variant<ShowingRow, AnchorRow, GapRow, StateRow> body;
    bool operator==(const Row&) const = default;
};

// Canonical JSON, one line without the line feed. These bytes are the row: they are hashed, sent and kept.
std::string serialise(const Row& row);
// Invalid when it is not a row (names the field), or when the bytes are not canonical. Refused for a larger `format`.
Result<Row> parse_row(std::string_view bytes);
// The digest that the next row carries as `prev`.
Digest row_digest(std::string_view bytes);

} // namespace capsule
