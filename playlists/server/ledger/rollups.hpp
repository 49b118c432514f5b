// Sums of showings: by hour, screen, capsule and evidence, and the coarser ones that make reports quick. Reentrant.
//
// Whatever changes a booked showing tells it here, as what is taken away and what is added; `write` applies the differences of
// one transaction. rebuild.hpp makes the same tables from the rows alone.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/server/ledger/packed_sums.hpp"
#include "playlists/server/ledger/sums.hpp"

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace capsule::server {

// Where a showing is booked. `capsule` is empty for what is no capsule.
struct HourCell {
    std::int64_t day = 0, hour = 0;
    std::string screen, site, capsule, evidence;
    auto operator<=>(const HourCell&) const = default;
};

// The coarser sums, each a part of `ledger_sum`: for whom and which time a record stands, and what its cells tell apart besides
// evidence. Between them they have for each report cells enough and few.
enum class Grain : std::int64_t {
    month_site = 1,      // period 202611, place = site; capsule
    month_site_day = 2,  // day
    month_site_hour = 3, // hour, capsule
    day_site = 4,        // period 20261122, place = site; hour, capsule
    day = 5,             // period 20261122, no place; hour, capsule
    month_screen = 6,    // period 202611, place = screen; day; without scans
};

enum class Cause { late, anchor };

class RollUps {
public:
    // `now`: when the rows came. A showing that began `closed_after` before is corrected with a trace.
    explicit RollUps(Instant now) : m_now(now) {}

    // A showing that was booked nowhere until now.
    void book(const HourCell& cell, const Sums& sums, std::int64_t start_utc_ms, Cause cause);
    // A showing that stood elsewhere before.
    void move(const HourCell& from, std::int64_t from_utc_ms, const HourCell& to, std::int64_t to_utc_ms, const Sums& sums);
    // Uses of a link; no correction, since they are counted when they happen.
    void scans(std::int64_t day, std::int64_t hour, const std::string& site, const std::string& capsule, std::int64_t count);

    // `device`: whose rows these are, for the trace. Afterwards there is nothing left to write.
    Result<void> write(sqlite::Database& database, const std::string& device);

    static constexpr std::int64_t closed_after_ms = 2 * 3'600'000;

private:
    struct Corrected {
        Cause cause = Cause::late;
        std::string screen, site;
        std::int64_t day = 0, hour = 0;
        auto operator<=>(const Corrected&) const = default;
    };
    struct Record { // of `ledger_sum`
        Grain grain{};
        std::int64_t period = 0;
        std::string place;
        auto operator<=>(const Record&) const = default;
    };
    void trace(const HourCell& cell, const Sums& sums, std::int64_t start_utc_ms, Cause cause);
    Result<void> write_hours(sqlite::Database& database);
    Result<void> write_sums(sqlite::Database& database);
    Result<std::map<Record, std::vector<Cell>>> changed_records(sqlite::Database& database) const;
    Result<void> write_corrections(sqlite::Database& database, const std::string& device);

    const Instant m_now;
    std::map<HourCell, Sums> m_hours;
    std::map<HourCell, Sums> m_scans; // without screen and evidence
    std::map<Corrected, Sums> m_corrections;
};

} // namespace capsule::server
