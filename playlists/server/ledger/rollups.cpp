#include "playlists/server/ledger/rollups.hpp"

#include "playlists/server/ledger/capsule_numbers.hpp"

namespace capsule::server {

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
                database.prepare("INSERT INTO ledger_hour(" + std::string(hour_columns()) +
                                 ") VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)"
                                 " ON CONFLICT(local_day,local_hour,screen,site,capsule,evidence) DO UPDATE SET " +
                                 std::string(added_columns())));
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

Result<std::map<RollUps::Record, std::vector<Cell>>> RollUps::changed_records(sqlite::Database& database) const {
    std::map<Record, std::vector<Cell>> out;
    CapsuleNumbers numbers(database);
    for (const auto* part : {&m_hours, &m_scans})
        for (const auto& [cell, sums] : *part) {
            if (sums == Sums{})
                continue;
            CAPSULE_TRY(capsule, numbers.of(cell.capsule));
            const std::int64_t month = cell.day / 100;
            const auto day = static_cast<std::uint8_t>(cell.day % 100);
            const auto hour = static_cast<std::int8_t>(cell.hour);
            const Evidence evidence = parse_evidence(cell.evidence);
            out[{Grain::month_site, month, cell.site}].push_back({{0, -1, capsule, evidence}, sums});
            out[{Grain::month_site_day, month, cell.site}].push_back({{day, -1, 0, evidence}, sums});
            out[{Grain::month_site_hour, month, cell.site}].push_back({{0, hour, capsule, evidence}, sums});
            out[{Grain::day_site, cell.day, cell.site}].push_back({{0, hour, capsule, evidence}, sums});
            out[{Grain::day, cell.day, ""}].push_back({{0, hour, capsule, evidence}, sums});
            if (part != &m_scans)
                out[{Grain::month_screen, month, cell.screen}].push_back({{day, -1, 0, evidence}, sums});
        }
    return out;
}

Result<void> RollUps::write_sums(sqlite::Database& database) {
    CAPSULE_TRY(records, changed_records(database));
    CAPSULE_TRY(select, database.prepare("SELECT cells FROM ledger_sum WHERE grain=?1 AND period=?2 AND place=?3"));
    CAPSULE_TRY(upsert, database.prepare("INSERT INTO ledger_sum(grain,period,place,cells) VALUES(?1,?2,?3,?4)"
                                         " ON CONFLICT(grain,period,place) DO UPDATE SET cells=excluded.cells"));
    CAPSULE_TRY(remove, database.prepare("DELETE FROM ledger_sum WHERE grain=?1 AND period=?2 AND place=?3"));
    const auto bind_record = [](sqlite::Statement& statement, const Record& record) {
        statement.bind(1, static_cast<std::int64_t>(record.grain));
        statement.bind(2, record.period);
        statement.bind(3, record.place);
    };
    for (auto& [record, cells] : records) {
        bind_record(select, record);
        CAPSULE_TRY(there, select.step());
        if (there) {
            CellReader kept(select.view(0));
            while (kept.next())
                cells.push_back(kept.cell());
            if (!kept.whole())
                return unreadable_sums(static_cast<std::int64_t>(record.grain), record.period, record.place);
        }
        select.reset();
        settle(cells);
        sqlite::Statement& change = cells.empty() ? remove : upsert;
        bind_record(change, record);
        if (!cells.empty())
            change.bind_blob(4, pack(cells));
        CAPSULE_CHECK(change.run());
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
