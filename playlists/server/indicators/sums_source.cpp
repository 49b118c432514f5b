#include "playlists/server/indicators/sums_source.hpp"

#include "playlists/server/ledger/local_hour.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace capsule::server {

namespace {

// A stretch of whole months (202611 … 202612), or of days.
struct Piece {
    bool months = false;
    std::int64_t first = 0, last = 0;
};

std::int64_t last_day_of(std::int64_t month) {
    using namespace std::chrono;
    const year_month_day_last last{year(static_cast<int>(month / 100)),
                                   month_day_last{std::chrono::month(static_cast<unsigned>(month % 100))}};
    return month * 100 + static_cast<unsigned>(last.day());
}

std::int64_t next_month(std::int64_t month) {
    return month % 100 == 12 ? month + 89 : month + 1;
}

// Days up to the first whole month, the whole months, days after the last.
std::vector<Piece> pieces_of(std::int64_t from, std::int64_t to) {
    const std::int64_t first = from % 100 == 1 ? from / 100 : next_month(from / 100);
    std::int64_t end = to / 100; // the month after the last whole one
    if (last_day_of(end) == to)
        end = next_month(end);
    if (first >= end)
        return {{false, from, to}};
    std::vector<Piece> out;
    if (from < first * 100 + 1)
        out.push_back({false, from, last_day_of(from / 100)});
    std::int64_t last = first;
    while (next_month(last) < end)
        last = next_month(last);
    out.push_back({true, first, last});
    if (to >= end * 100 + 1)
        out.push_back({false, end * 100 + 1, to});
    return out;
}

// Columns, in this order: period, hour, site, capsule, evidence, then the sums. Where both site and capsule are told apart there is
// little to put together, and the database would sort all of it to find that out: the cells are taken as they stand.
std::string select(const std::string& period, const std::string& hour, const std::string& site, const std::string& capsule,
                   const std::string& table, const std::string& where, bool as_they_stand) {
    std::string sql = "SELECT " + period + "," + hour + "," + site + "," + capsule + ",evidence";
    for (const char* column : {"showing_rows", "showings", "complete", "shown_ms", "frames_due", "frames_shown", "scans"})
        sql += as_they_stand ? std::string(",") + column : std::string(",SUM(") + column + ")";
    return sql + " FROM " + table + " WHERE " + where + (as_they_stand ? "" : " GROUP BY 1,2,3,4,5");
}

std::string from_grain(Grain grain, bool period, bool hour, bool site, bool capsule) {
    return select(period ? "period" : "0", hour ? "local_hour" : "0", site ? "place" : "''", capsule ? "capsule" : "''",
                  "ledger_sum", "grain=" + std::to_string(static_cast<std::int64_t>(grain)) + " AND period BETWEEN ?1 AND ?2",
                  site && capsule);
}

// From the finest sums, or from the showings: all dimensions are there.
std::vector<std::string> from_days(const Dimensions& by, ReportSource source) {
    const std::string period = by.need_day()     ? "local_day"
                               : by.need_month() ? "local_day/100"
                                                 : "0",
                      hour = by.need_hour() ? "local_hour" : "0";
    const std::string site = by.need_site() ? "site" : "''", capsule = by.need_capsule() ? "capsule" : "''";
    const std::string where = "local_day BETWEEN ?1 AND ?2";
    const auto of_hours = [&](const std::string& table) {
        return select(period, hour, site, capsule, "(SELECT *, 0 AS scans FROM " + table + ")", where,
                      by.need_site() && by.need_capsule());
    };
    std::vector<std::string> out = {
        select(period, hour, site, capsule,
               "(SELECT local_day,local_hour,site,capsule,'' AS evidence,0 AS showing_rows,0 AS showings,0 AS complete,"
               "0 AS shown_ms,0 AS frames_due,0 AS frames_shown,scans FROM scan_count)",
               where, false)};
    if (source == ReportSource::sums) {
        out.push_back(of_hours("ledger_hour"));
        return out;
    }
    out.push_back(of_hours("ledger_hour_dropped"));
    const std::string counted = "CASE WHEN item='capsule' AND shown_ms>=1 THEN ";
    out.push_back(
        select(period, hour, site, capsule,
               "(SELECT local_day,local_hour,site,CASE WHEN item='capsule' THEN capsule ELSE '' END AS capsule,evidence,1 AS "
               "showing_rows," +
                   counted +
                   "1 ELSE 0 END AS showings,CASE WHEN item='capsule' AND shown_ms>=1 AND ending='complete' THEN 1 ELSE 0 END"
                   " AS complete," +
                   counted + "shown_ms ELSE 0 END AS shown_ms," + counted + "frames_due ELSE 0 END AS frames_due," + counted +
                   "frames_shown ELSE 0 END AS frames_shown,0 AS scans FROM ledger_showing)",
               where, false));
    return out;
}

std::vector<std::string> queries_for(const Piece& piece, const Dimensions& by, ReportSource source) {
    const bool site = by.need_site(), capsule = by.need_capsule(), period = by.need_day() || by.need_month();
    if (source == ReportSource::rows || (by.need_hour() && (site || capsule)))
        return from_days(by, source);
    if (piece.months)
        return {from_grain(capsule ? Grain::month_site_capsule : Grain::month_site, period, false, site, capsule)};
    if (site && capsule)
        return from_days(by, source);
    if (site)
        return {from_grain(Grain::day_site, period, false, true, false)};
    if (capsule)
        return {from_grain(Grain::day_capsule, period, false, false, true)};
    return {from_grain(Grain::day_hour, period, by.need_hour(), false, false)};
}

} // namespace

Result<void> read_sums(sqlite::Database& database, std::int64_t from, std::int64_t to, const Dimensions& by, ReportSource source,
                       const std::function<void(const SumCell&)>& use) {
    // Months serve where a site is told and no day: by capsule or by time alone there are few days to read.
    const bool by_month = source == ReportSource::sums && by.need_site() && !by.need_day() && !by.need_hour();
    const std::vector<Piece> pieces = by_month ? pieces_of(from, to) : std::vector<Piece>{{false, from, to}};
    for (const Piece& piece : pieces)
        for (const std::string& sql : queries_for(piece, by, source)) {
            CAPSULE_TRY(statement, database.prepare(sql));
            statement.bind(1, piece.first);
            statement.bind(2, piece.last);
            for (;;) {
                CAPSULE_TRY(there, statement.step());
                if (!there)
                    break;
                use({statement.integer(0),
                     statement.integer(1),
                     statement.view(2),
                     statement.view(3),
                     statement.view(4),
                     {statement.integer(5), statement.integer(6), statement.integer(7), statement.integer(8),
                      statement.integer(9), statement.integer(10), statement.integer(11)}});
            }
        }
    return {};
}

Result<std::int64_t> count_screens(sqlite::Database& database, std::int64_t from, std::int64_t to, ReportSource source) {
    std::string screens;
    if (source == ReportSource::rows) {
        const std::string where = " WHERE local_day BETWEEN " + std::to_string(from) + " AND " + std::to_string(to);
        screens = "SELECT screen FROM ledger_showing" + where + " UNION SELECT screen FROM ledger_hour_dropped" + where;
    } else {
        for (const Piece& piece : pieces_of(from, to))
            screens += (screens.empty() ? "" : " UNION ") + std::string("SELECT place AS screen FROM ledger_sum WHERE grain=") +
                       std::to_string(static_cast<std::int64_t>(piece.months ? Grain::month_screen : Grain::day_screen)) +
                       " AND period BETWEEN " + std::to_string(piece.first) + " AND " + std::to_string(piece.last);
    }
    CAPSULE_TRY(select, database.prepare("SELECT COUNT(DISTINCT screen) FROM (" + screens + ") AS heard WHERE screen<>''"));
    CAPSULE_TRY(there, select.step());
    return there ? select.integer(0) : 0;
}

} // namespace capsule::server
