// What was shown, where and when, with what is not known. Reentrant; reads only.
//
// A « diffusion » is a showing of a capsule that was on screen for 1 ms or more. It is booked to the local day and hour of its site.
// Showings of a boot without an anchor are *bounded*: they are told apart and booked to no day.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/server/indicators/completeness.hpp"
#include "playlists/server/indicators/dimension.hpp"
#include "playlists/server/indicators/figures.hpp"
#include "playlists/server/indicators/sums_source.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::server {

struct ReportQuery {
    std::int64_t from = 0, to = 0; // local days, 20261101; both included
    Dimensions by;
    bool scans_measured = false;   // whether a public address was set, so that links can be counted at all
    ReportSource source = ReportSource::sums;
};

struct ReportRow {
    // One per dimension: identifier, INSEE code, code of a theme, "2026-11-22", "2026-11", "09" (hour of day); empty where the
    // rows do not say.
    std::vector<std::string> keys, labels;
    ReportFigures figures;
};

struct Report {
    ReportQuery query;
    std::vector<ReportRow> rows; // rising where a dimension is time, else most shown first
    ReportFigures total;
    std::int64_t bounded_showings = 0, bounded_shown_ms = 0; // that may belong to the period
    std::int64_t received_rows = 0; // showings of any item that are booked to the period
    std::int64_t missing_rows = 0;  // told lost by `gap` rows of the period, and numbers below the highest heard of, not yet received
    std::int64_t unknown_gaps = 0;  // `gap` rows of the period that do not say how many
    std::int64_t screens = 0;       // with at least one of the received rows
    OpeningTime opening;
    std::int64_t corrections = 0, corrected_showings = 0; // of closed hours of the period: how often, by how many in sum
    std::int64_t forked_rows = 0;                         // kept apart, of any time; in no figure
    std::int64_t refused = 0;      // requests refused in the period: forged, altered, replayed, of a revoked machine
    std::int64_t dropped_rows = 0; // of the period: gone by the rule of retention, their sums stay
    Instant generated_at{};
};

// Invalid when `from` is after `to` or nothing is asked for.
Result<Report> report(sqlite::Database& database, const ReportQuery& query, const Labels& labels, Instant now);
// As GET /api/v1/report answers.
std::string report_json(const Report& report);

struct ScreenToday {
    std::int64_t showings = 0;
    std::optional<Instant> last_received; // of any row that named the screen, ever
};

// By screen id, for the day that it is now in Paris.
Result<std::map<std::string, ScreenToday>> screens_today(sqlite::Database& database, Instant now);

} // namespace capsule::server
