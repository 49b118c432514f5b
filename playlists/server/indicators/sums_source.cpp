#include "playlists/server/indicators/sums_source.hpp"

#include "playlists/server/ledger/capsule_numbers.hpp"
#include "playlists/server/ledger/packed_sums.hpp"
#include "playlists/server/ledger/rollups.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <unordered_set>
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

// Of the showings, and of what dropped ones had added; the database puts together what the dimensions do not tell apart.
Result<void> read_rows(sqlite::Database& database, std::int64_t from, std::int64_t to, const Dimensions& by, Groups& into) {
    const std::string period = by.need_day() ? "local_day" : by.need_month() ? "local_day/100" : "0";
    const std::string keys = period + "," + (by.need_hour() ? "local_hour" : "0") + "," + (by.need_site() ? "site" : "''") + "," +
                             (by.need_capsule() ? "capsule" : "''");
    const std::string where = "local_day BETWEEN ?1 AND ?2";
    for (const std::string& sql :
         {"SELECT " + keys + ",evidence," + std::string(summed_columns()) + ",0 FROM (" + each_showing_as_sums(where) +
              ") AS shown GROUP BY 1,2,3,4,5",
          "SELECT " + keys + ",evidence," + std::string(sum_columns()) + ",0 FROM ledger_hour_dropped WHERE " + where,
          "SELECT " + keys + ",'',0,0,0,0,0,0,scans FROM scan_count WHERE " + where}) {
        CAPSULE_TRY(select, database.prepare(sql));
        select.bind(1, from);
        select.bind(2, to);
        for (;;) {
            CAPSULE_TRY(there, select.step());
            if (!there)
                break;
            into.add(into.place(select.view(2)), into.content(select.view(3)), into.time(select.integer(0)), select.integer(1),
                     parse_evidence(select.view(4)),
                     {select.integer(5), select.integer(6), select.integer(7), select.integer(8), select.integer(9),
                      select.integer(10), select.integer(11)});
        }
    }
    return {};
}

// Calls `use(period, place, cell)` for each cell of a grain whose records stand for `first` to `last`.
template <typename Use>
Result<void> each_cell(sqlite::Database& database, Grain grain, std::int64_t first, std::int64_t last, Use use) {
    CAPSULE_TRY(select, database.prepare("SELECT period, place, cells FROM ledger_sum WHERE grain=?1 AND period BETWEEN ?2 AND ?3"));
    select.bind(1, static_cast<std::int64_t>(grain));
    select.bind(2, first);
    select.bind(3, last);
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            return {};
        const std::int64_t period = select.integer(0);
        auto with_cell = use(period, select.view(1));
        CellReader reader(select.view(2));
        while (reader.next())
            with_cell(reader.cell());
        if (!reader.whole())
            return unreadable_sums(static_cast<std::int64_t>(grain), period, select.view(1));
    }
}

// Whole records: periods of days or months that lie within the report's.
Result<void> read_records(sqlite::Database& database, Grain grain, std::int64_t first, std::int64_t last, const Dimensions& by,
                          const std::vector<Groups::Number>& contents, Groups& into) {
    const bool hour = by.need_hour();
    return each_cell(database, grain, first, last, [&](std::int64_t period, std::string_view place) {
        return [&into, &contents, hour, place = into.place(place), time = into.time(period)](const Cell& cell) {
            const auto content = cell.key.capsule < contents.size() ? contents[cell.key.capsule] : contents[0];
            into.add(place, content, time, hour ? cell.key.hour : 0, cell.key.evidence, cell.sums);
        };
    });
}

// Days of the records of months.
Result<void> read_days(sqlite::Database& database, std::int64_t from, std::int64_t to, Groups& into) {
    return each_cell(database, Grain::month_site_day, from / 100, to / 100, [&](std::int64_t month, std::string_view place) {
        return [&into, from, to, month, place = into.place(place), content = into.content(""), day = std::int64_t{0},
                time = Groups::Number{0}](const Cell& cell) mutable {
            const std::int64_t at = month * 100 + cell.key.day;
            if (at < from || at > to)
                return;
            if (at != day)
                time = into.time(day = at);
            into.add(place, content, time, 0, cell.key.evidence, cell.sums);
        };
    });
}

} // namespace

Result<void> read_sums(sqlite::Database& database, std::int64_t from, std::int64_t to, const Dimensions& by, ReportSource source,
                       Groups& into) {
    if (source == ReportSource::rows)
        return read_rows(database, from, to, by, into);
    CAPSULE_TRY(capsules, CapsuleNumbers::all(database));
    std::vector<Groups::Number> contents;
    for (const std::string& capsule : capsules)
        contents.push_back(into.content(capsule));
    if (!by.need_site())
        return read_records(database, Grain::day, from, to, by, contents, into);
    if (!by.need_capsule() && !by.need_hour() && by.need_day())
        return read_days(database, from, to, into);
    for (const Piece& piece : by.need_day() ? std::vector<Piece>{{false, from, to}} : pieces_of(from, to)) {
        if (piece.months)
            CAPSULE_CHECK(read_records(database, by.need_hour() ? Grain::month_site_hour : Grain::month_site, piece.first, piece.last,
                                       by, contents, into));
        else if (by.need_capsule() || by.need_hour())
            CAPSULE_CHECK(read_records(database, Grain::day_site, piece.first, piece.last, by, contents, into));
        else
            CAPSULE_CHECK(read_days(database, piece.first, piece.last, into));
    }
    return {};
}

Result<std::int64_t> count_screens(sqlite::Database& database, std::int64_t from, std::int64_t to, ReportSource source) {
    std::unordered_set<std::string> screens;
    if (source == ReportSource::sums) {
        CAPSULE_CHECK(each_cell(database, Grain::month_screen, from / 100, to / 100, [&](std::int64_t month, std::string_view place) {
            return [&screens, from, to, month, place, heard = false](const Cell& cell) mutable {
                const std::int64_t day = month * 100 + cell.key.day;
                if (heard || place.empty() || day < from || day > to || cell.sums.rows == 0)
                    return;
                screens.emplace(place);
                heard = true;
            };
        }));
        return static_cast<std::int64_t>(screens.size());
    }
    const std::string where = " WHERE local_day BETWEEN ?1 AND ?2";
    CAPSULE_TRY(select, database.prepare("SELECT COUNT(*) FROM (SELECT screen FROM ledger_showing" + where +
                                         " UNION SELECT screen FROM ledger_hour_dropped" + where + ") AS heard WHERE screen<>''"));
    select.bind(1, from);
    select.bind(2, to);
    CAPSULE_TRY(there, select.step());
    return there ? select.integer(0) : 0;
}

} // namespace capsule::server
