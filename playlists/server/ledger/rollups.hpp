// Sums of showings: by hour, screen, capsule and evidence, and the coarser ones that make reports quick. Reentrant.
//
// Whatever changes a booked showing tells it here, as what is taken away and what is added; `write` applies the differences of
// one transaction. rebuild.hpp makes the same tables from the rows alone.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace capsule::server {

struct Sums {
    std::int64_t rows = 0; // showings of any item; what follows counts diffusions only
    std::int64_t showings = 0, complete = 0, shown_ms = 0, frames_due = 0, frames_shown = 0;
    std::int64_t scans = 0;

    bool operator==(const Sums&) const = default;
    Sums& operator+=(const Sums& other);
    Sums operator-() const;
};

// Where a showing is booked. `capsule` is empty for what is no capsule.
struct HourCell {
    std::int64_t day = 0, hour = 0;
    std::string screen, site, capsule, evidence;
    auto operator<=>(const HourCell&) const = default;
};

// The coarser sums, each a part of `ledger_sum`. What a grain does not tell apart is empty (hour: -1).
enum class Grain : std::int64_t {
    day_site = 1,           // period 20261122, place = site
    day_capsule = 2,        // capsule
    day_hour = 3,           // local_hour
    month_site = 4,         // period 202611, place = site
    month_site_capsule = 5, // place = site, capsule
    day_screen = 6,         // place = screen
    month_screen = 7,
};

// One more or one less of a showing; what it adds is decided here and nowhere else.
Sums sums_of_showing(std::string_view item, std::string_view ending, std::int64_t shown_ms, std::int64_t frames_due,
                     std::int64_t frames_shown);

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
    void trace(const HourCell& cell, const Sums& sums, std::int64_t start_utc_ms, Cause cause);
    Result<void> write_hours(sqlite::Database& database);
    Result<void> write_sums(sqlite::Database& database);
    Result<void> write_corrections(sqlite::Database& database, const std::string& device);

    const Instant m_now;
    std::map<HourCell, Sums> m_hours;
    std::map<HourCell, Sums> m_scans; // without screen and evidence
    std::map<Corrected, Sums> m_corrections;
};

} // namespace capsule::server
