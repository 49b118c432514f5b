#include "playlists/server/ledger/rollups.hpp"

#include <tuple>

namespace capsule::server {

Sums& Sums::operator+=(const Sums& other) {
    rows += other.rows;
    showings += other.showings;
    complete += other.complete;
    shown_ms += other.shown_ms;
    frames_due += other.frames_due;
    frames_shown += other.frames_shown;
    scans += other.scans;
    return *this;
}

Sums Sums::operator-() const {
    return {-rows, -showings, -complete, -shown_ms, -frames_due, -frames_shown, -scans};
}

Sums sums_of_showing(std::string_view item, std::string_view ending, std::int64_t shown_ms, std::int64_t frames_due,
                     std::int64_t frames_shown) {
    if (item != "capsule" || shown_ms < 1)
        return {1, 0, 0, 0, 0, 0, 0};
    return {1, 1, ending == "complete" ? 1 : 0, shown_ms, frames_due, frames_shown, 0};
}

void RollUps::trace(const HourCell& cell, const Sums& sums, std::int64_t start_utc_ms, Cause cause) {
    if (to_ms(m_now) - start_utc_ms > closed_after_ms)
        m_corrections[{cause, cell.screen, cell.site, cell.day, cell.hour}] += sums;
}

void RollUps::book(const HourCell& cell, const Sums& sums, std::int64_t start_utc_ms, Cause cause) {
    m_hours[cell] += sums;
    trace(cell, sums, start_utc_ms, cause);
}

void RollUps::move(const HourCell& from, std::int64_t from_utc_ms, const HourCell& to, std::int64_t to_utc_ms, const Sums& sums) {
    if (from == to)
        return;
    m_hours[from] += -sums;
    m_hours[to] += sums;
    trace(from, -sums, from_utc_ms, Cause::anchor);
    trace(to, sums, to_utc_ms, Cause::anchor);
}

void RollUps::scans(std::int64_t day, std::int64_t hour, const std::string& site, const std::string& capsule,
                    std::int64_t count) {
    Sums sums;
    sums.scans = count;
    m_scans[{day, hour, "", site, capsule, ""}] += sums;
}

Result<void> RollUps::write(sqlite::Database& database, const std::string& device) {
    CAPSULE_CHECK(write_hours(database));
    CAPSULE_CHECK(write_sums(database));
    CAPSULE_CHECK(write_corrections(database, device));
    m_hours.clear();
    m_scans.clear();
    m_corrections.clear();
    return {};
}

namespace {

void bind_sums(sqlite::Statement& statement, int first, const Sums& sums) {
    statement.bind(first, sums.rows);
    statement.bind(first + 1, sums.showings);
    statement.bind(first + 2, sums.complete);
    statement.bind(first + 3, sums.shown_ms);
    statement.bind(first + 4, sums.frames_due);
    statement.bind(first + 5, sums.frames_shown);
}

} // namespace

Result<void> RollUps::write_hours(sqlite::Database& database) {
    CAPSULE_TRY(upsert,
                database.prepare(
                    "INSERT INTO ledger_hour(local_day,local_hour,screen,site,capsule,evidence,showing_rows,showings,complete,"
                    "shown_ms,frames_due,frames_shown) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)"
                    " ON CONFLICT(local_day,local_hour,screen,site,capsule,evidence) DO UPDATE SET"
                    " showing_rows=showing_rows+excluded.showing_rows, showings=showings+excluded.showings,"
                    " complete=complete+excluded.complete, shown_ms=shown_ms+excluded.shown_ms,"
                    " frames_due=frames_due+excluded.frames_due, frames_shown=frames_shown+excluded.frames_shown"));
    CAPSULE_TRY(clean, database.prepare("DELETE FROM ledger_hour WHERE local_day=?1 AND local_hour=?2 AND screen=?3 AND site=?4"
                                        " AND capsule=?5 AND evidence=?6 AND showing_rows=0"));
    const auto bind_cell = [](sqlite::Statement& statement, const HourCell& cell) {
        statement.bind(1, cell.day);
        statement.bind(2, cell.hour);
        statement.bind(3, cell.screen);
        statement.bind(4, cell.site);
        statement.bind(5, cell.capsule);
        statement.bind(6, cell.evidence);
    };
    for (const auto& [cell, sums] : m_hours) {
        if (sums == Sums{})
            continue;
        bind_cell(upsert, cell);
        bind_sums(upsert, 7, sums);
        CAPSULE_CHECK(upsert.run());
        if (sums.rows >= 0)
            continue;
        bind_cell(clean, cell);
        CAPSULE_CHECK(clean.run());
    }
    return {};
}

Result<void> RollUps::write_sums(sqlite::Database& database) {
    using Key = std::tuple<std::int64_t, std::int64_t, std::string, std::string, std::int64_t, std::string>;
    std::map<Key, Sums> cells;
    for (const auto* part : {&m_hours, &m_scans})
        for (const auto& [cell, sums] : *part) {
            if (sums == Sums{})
                continue;
            const std::int64_t day = cell.day, month = cell.day / 100;
            const auto add = [&](Grain grain, std::int64_t period, const std::string& place, const std::string& capsule,
                                 std::int64_t hour) {
                cells[{static_cast<std::int64_t>(grain), period, place, capsule, hour, cell.evidence}] += sums;
            };
            add(Grain::day_site, day, cell.site, "", -1);
            add(Grain::day_capsule, day, "", cell.capsule, -1);
            add(Grain::day_hour, day, "", "", cell.hour);
            add(Grain::month_site, month, cell.site, "", -1);
            add(Grain::month_site_capsule, month, cell.site, cell.capsule, -1);
            if (part == &m_scans)
                continue;
            add(Grain::day_screen, day, cell.screen, "", -1);
            add(Grain::month_screen, month, cell.screen, "", -1);
        }
    CAPSULE_TRY(
        upsert,
        database.prepare(
            "INSERT INTO ledger_sum(grain,period,place,capsule,local_hour,evidence,showing_rows,showings,complete,shown_ms,"
            "frames_due,frames_shown,scans) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)"
            " ON CONFLICT(grain,period,place,capsule,local_hour,evidence) DO UPDATE SET"
            " showing_rows=showing_rows+excluded.showing_rows, showings=showings+excluded.showings,"
            " complete=complete+excluded.complete, shown_ms=shown_ms+excluded.shown_ms,"
            " frames_due=frames_due+excluded.frames_due, frames_shown=frames_shown+excluded.frames_shown,"
            " scans=scans+excluded.scans"));
    CAPSULE_TRY(clean, database.prepare("DELETE FROM ledger_sum WHERE grain=?1 AND period=?2 AND place=?3 AND capsule=?4"
                                        " AND local_hour=?5 AND evidence=?6 AND showing_rows=0 AND scans=0"));
    const auto bind_key = [](sqlite::Statement& statement, const Key& key) {
        statement.bind(1, std::get<0>(key));
        statement.bind(2, std::get<1>(key));
        statement.bind(3, std::get<2>(key));
        statement.bind(4, std::get<3>(key));
        statement.bind(5, std::get<4>(key));
        statement.bind(6, std::get<5>(key));
    };
    for (const auto& [key, sums] : cells) {
        if (sums == Sums{})
            continue;
        bind_key(upsert, key);
        bind_sums(upsert, 7, sums);
        upsert.bind(13, sums.scans);
        CAPSULE_CHECK(upsert.run());
        if (sums.rows >= 0)
            continue;
        bind_key(clean, key);
        CAPSULE_CHECK(clean.run());
    }
    return {};
}

Result<void> RollUps::write_corrections(sqlite::Database& database, const std::string& device) {
    if (m_corrections.empty())
        return {};
    CAPSULE_TRY(insert, database.prepare(
                            "INSERT INTO ledger_correction(made_ms,cause,device,screen,site,local_day,local_hour,showing_rows,"
                            "showings,shown_ms) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)"));
    for (const auto& [where, sums] : m_corrections) {
        if (sums == Sums{})
            continue;
        insert.bind(1, to_ms(m_now));
        insert.bind(2, std::string_view(where.cause == Cause::late ? "late" : "anchor"));
        insert.bind(3, device);
        insert.bind(4, where.screen);
        insert.bind(5, where.site);
        insert.bind(6, where.day);
        insert.bind(7, where.hour);
        insert.bind(8, sums.rows);
        insert.bind(9, sums.showings);
        insert.bind(10, sums.shown_ms);
        CAPSULE_CHECK(insert.run());
    }
    return {};
}

} // namespace capsule::server
