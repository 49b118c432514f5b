// Of each screen: when it is proven to have shown something, and when it is known to have been off. Reentrant.
//
// Proven: from the start of a placed showing for as long as it was on screen, at most a day; frames were really shown and the
// panel is not known to be off. Off: the panel was off; or between two boots that follow each other in one journal without a hole
// or a gap row, from the end of the last row of the one to the start of the other, each drawn in by its error. Everything else is
// unknown.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/server/ledger/spans.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace capsule::server {

// A record of `ledger_coverage` holds 32 days of UTC: block n begins on day 32 n after 1 January 1970. (One record per day made the
// database's steps the dearest part of a report of a year.)
constexpr std::int64_t coverage_block_days = 32;

struct Covered {
    Spans proven, off; // seconds of the UTC day, or of the block
};

// What one showing proves: nothing where `evidence` is "scheduled".
struct ShownSpan {
    std::string screen, evidence;
    std::int64_t start_utc_ms = 0, shown_ms = 0;
};

class Coverage {
public:
    void add(const ShownSpan& shown);
    void add_off(const std::string& screen, std::int64_t from_ms, std::int64_t until_ms);
    // The days that it touched are made anew from what is then booked: a showing or an off time that went elsewhere.
    void made_anew(const ShownSpan& shown);
    void made_anew(const std::string& screen, std::int64_t from_ms, std::int64_t until_ms);

    // Afterwards there is nothing left to write. Reads `ledger_showing` and `ledger_boot`.
    Result<void> write(sqlite::Database& database);

    // Into what stays of rows that are about to be dropped, `ledger_coverage_dropped`, a record per day; only what was added.
    Result<void> write_dropped(sqlite::Database& database);
    // Adds what stayed of dropped rows: the beginning of a rebuild.
    Result<void> add_dropped(sqlite::Database& database);

    // Of nothing but what is booked: for `write` and for the rebuild.
    static Result<Covered> from_booked(sqlite::Database& database, const std::string& screen, std::int64_t utc_day);

private:
    using Day = std::pair<std::string, std::int64_t>; // screen, days since 1970
    void spread(const std::string& screen, std::int64_t from_ms, std::int64_t until_ms, bool off);

    std::map<Day, Covered> m_added;
    std::set<Day> m_anew;
};

} // namespace capsule::server
