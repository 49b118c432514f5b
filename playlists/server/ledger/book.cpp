#include "playlists/server/ledger/book.hpp"

#include "playlists/server/ledger/boots.hpp"
#include "playlists/server/ledger/coverage.hpp"
#include "playlists/server/ledger/losses.hpp"
#include "playlists/server/ledger/placing.hpp"
#include "playlists/server/ledger/rollups.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace capsule::server {

namespace {

const char* text_of(ShownItem item) {
    switch (item) {
    case ShownItem::capsule:
        return "capsule";
    case ShownItem::qr_card:
        return "qr-card";
    case ShownItem::card:
        return "card";
    case ShownItem::notice:
        return "notice";
    case ShownItem::fallback:
        break;
    }
    return "fallback";
}

const char* text_of(ShowingEnd end) {
    switch (end) {
    case ShowingEnd::complete:
        return "complete";
    case ShowingEnd::cut:
        return "cut";
    case ShowingEnd::skipped:
        return "skipped";
    case ShowingEnd::failed:
        return "failed";
    case ShowingEnd::stopped:
        break;
    }
    return "stopped";
}

// What is known of a showing beyond that it was meant to be.
const char* evidence_of(const ShowingRow& row) {
    if (row.frames_shown == 0)
        return "scheduled";
    switch (row.panel) {
    case PanelState::on:
        return "panel-on";
    case PanelState::off:
        return "panel-off";
    case PanelState::unknown:
        break;
    }
    return "presented";
}

// What one row may add to a sum: a thousand wrong rows must not make the sums of all others overflow. The row itself is kept as it is.
std::int64_t addend(std::int64_t value) {
    constexpr std::int64_t most = 10'000'000'000; // 115 days in milliseconds
    return std::min(value, most);
}

// Writes one showing; the columns that place it in time come last.
constexpr const char* insert_showing =
    "INSERT INTO "
    "ledger_showing(journal_id,seq,device,boot,boot_start_ms,received_ms,screen,site,playlist,item,capsule,version,language,"
    "due_ms,shown_ms,frames_due,frames_shown,frames_late,ending,evidence,start_utc_ms,error_ms,local_day,local_hour)"
    " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24)";

class Booking {
public:
    Booking(sqlite::Database& database, const BookedBatch& batch, const SiteZones& zones)
        : m_database(database), m_batch_id(batch.id), m_journal_id(batch.journal_id), m_received_at(batch.received_at), m_zones(zones),
          m_placer(database), m_boots(database, m_coverage), m_sums(batch.received_at) {}

    Result<void> operator()(const RowHeader& header, const ShowingRow& row);
    Result<void> operator()(const RowHeader& header, const AnchorRow& row);
    Result<void> operator()(const RowHeader& header, const GapRow& row);
    Result<void> operator()(const RowHeader&, const StateRow&) { return {}; }
    Result<void> finish(std::span<const ReceivedRow> rows);

private:
    Result<void> place_again(const std::string& device, const std::string& boot, const Reach& reach);
    Result<void> place_gaps_again(const std::string& device, const std::string& boot);

    sqlite::Database& m_database;
    const std::int64_t m_batch_id, m_journal_id;
    const Instant m_received_at;
    const SiteZones& m_zones;
    Placer m_placer;
    Coverage m_coverage;
    Boots m_boots;
    RollUps m_sums;
    std::optional<sqlite::Statement> m_insert;
    std::set<std::string> m_screens;
    std::map<std::string, Reach> m_reached; // by the anchors that came, by boot
};

Result<void> Booking::operator()(const RowHeader& header, const ShowingRow& row) {
    if (!m_insert) {
        CAPSULE_TRY(insert, m_database.prepare(insert_showing));
        m_insert.emplace(std::move(insert));
    }
    const std::string_view item = text_of(row.item), ending = text_of(row.end), evidence = evidence_of(row);
    const std::int64_t shown_ms = addend(row.shown_ms);
    sqlite::Statement& insert = *m_insert;
    insert.bind(1, m_journal_id);
    insert.bind(2, header.seq);
    insert.bind(3, header.device);
    insert.bind(4, header.boot);
    insert.bind(5, row.boot_start_ms);
    insert.bind(6, to_ms(m_received_at));
    insert.bind(7, row.screen.text());
    insert.bind(8, row.site.text());
    insert.bind(9, row.playlist.text());
    insert.bind(10, item);
    insert.bind(11, row.capsule.text());
    insert.bind(12, row.version);
    insert.bind(13, row.language);
    insert.bind(14, addend(row.due_ms));
    insert.bind(15, shown_ms);
    insert.bind(16, addend(row.frames_due));
    insert.bind(17, addend(row.frames_shown));
    insert.bind(18, addend(row.frames_late));
    insert.bind(19, ending);
    insert.bind(20, evidence);
    CAPSULE_TRY(placement, m_placer.place(header.device, header.boot, row.boot_start_ms));
    if (placement) {
        const LocalHour hour = local_hour(m_zones(row.site), instant_from_ms(placement->utc_ms));
        insert.bind(21, placement->utc_ms);
        insert.bind(22, placement->error_ms);
        insert.bind(23, hour.day);
        insert.bind(24, hour.hour);
        m_sums.book({hour.day, hour.hour, row.screen.text(), row.site.text(),
                     row.item == ShownItem::capsule ? row.capsule.text() : std::string{}, std::string(evidence)},
                    sums_of_showing(item, ending, shown_ms, addend(row.frames_due), addend(row.frames_shown)), placement->utc_ms,
                    Cause::late);
        m_coverage.add({row.screen.text(), std::string(evidence), placement->utc_ms, shown_ms});
    } else {
        for (int column = 21; column <= 24; ++column)
            insert.bind_null(column);
    }
    if (!row.screen.empty())
        m_screens.insert(row.screen.text());
    return insert.run();
}

Result<void> Booking::operator()(const RowHeader& header, const AnchorRow& row) {
    CAPSULE_TRY(reach, reach_of(m_database, header, row));
    CAPSULE_CHECK(keep_anchor(m_database, header, m_journal_id, row));
    m_boots.placed_anew(header.device, header.boot);
    const auto [reached, first] = m_reached.try_emplace(header.boot, reach);
    if (!first)
        reached->second = {std::min(reached->second.from, reach.from), std::max(reached->second.to, reach.to)};
    return {};
}

Result<void> Booking::place_again(const std::string& device, const std::string& boot, const Reach& reach) {
    struct Moved {
        std::int64_t journal_id = 0, seq = 0, boot_start_ms = 0;
        std::optional<Placement> before;
        HourCell cell; // where it stood
        ShownSpan span;
        Sums sums;
    };
    std::vector<Moved> reached;
    CAPSULE_TRY(select, m_database.prepare(
                            "SELECT journal_id, seq, boot_start_ms, start_utc_ms, error_ms, local_day, local_hour, screen,"
                            " site, item, capsule, evidence, ending, shown_ms, frames_due, frames_shown FROM ledger_showing"
                            " WHERE device=?1 AND boot=?2 AND boot_start_ms>=?3 AND boot_start_ms<=?4"));
    select.bind(1, device);
    select.bind(2, boot);
    select.bind(3, reach.from);
    select.bind(4, reach.to);
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            break;
        Moved one{select.integer(0), select.integer(1), select.integer(2), std::nullopt, {}, {}, {}};
        if (!select.is_null(3))
            one.before = Placement{select.integer(3), select.integer(4)};
        const std::string item = select.text(9), evidence = select.text(11);
        one.cell = {
            select.integer(5), select.integer(6), select.text(7), select.text(8), item == "capsule" ? select.text(10) : "",
            evidence};
        one.span = {select.text(7), evidence, select.integer(3), select.integer(13)};
        one.sums = sums_of_showing(item, select.view(12), select.integer(13), select.integer(14), select.integer(15));
        reached.push_back(std::move(one));
    }
    CAPSULE_TRY(update, m_database.prepare("UPDATE ledger_showing SET start_utc_ms=?1, error_ms=?2, local_day=?3, local_hour=?4"
                                           " WHERE journal_id=?5 AND seq=?6"));
    for (Moved& one : reached) {
        CAPSULE_TRY(placement, m_placer.place(device, boot, one.boot_start_ms));
        if (!placement || placement == one.before)
            continue;
        HourCell cell = one.cell;
        const LocalHour hour =
            local_hour(m_zones(SiteId::parse(cell.site).value_or(SiteId{})), instant_from_ms(placement->utc_ms));
        cell.day = hour.day;
        cell.hour = hour.hour;
        if (one.before) {
            m_sums.move(one.cell, one.before->utc_ms, cell, placement->utc_ms, one.sums);
            m_coverage.made_anew(one.span);
            one.span.start_utc_ms = placement->utc_ms;
            m_coverage.made_anew(one.span);
        } else {
            m_sums.book(cell, one.sums, placement->utc_ms, Cause::anchor);
            one.span.start_utc_ms = placement->utc_ms;
            m_coverage.add(one.span);
        }
        update.bind(1, placement->utc_ms);
        update.bind(2, placement->error_ms);
        update.bind(3, hour.day);
        update.bind(4, hour.hour);
        update.bind(5, one.journal_id);
        update.bind(6, one.seq);
        CAPSULE_CHECK(update.run());
    }
    return {};
}

// A gap whose place in time is not known counts for the day on which it was heard of.
Result<void> Booking::operator()(const RowHeader& header, const GapRow& row) {
    std::int64_t count = row.count;
    if (row.lost) {
        CAPSULE_TRY(fresh, declare_lost(m_database, header, m_journal_id, m_batch_id, *row.lost));
        if (fresh == 0)
            return {}; // declared twice, or there already
        count = std::min(count, fresh);
    }
    Instant when = m_received_at;
    if (row.boot_end_ms > 0) {
        CAPSULE_TRY(placement, m_placer.place(header.device, header.boot, row.boot_end_ms));
        if (placement)
            when = instant_from_ms(placement->utc_ms);
    }
    CAPSULE_TRY(insert, m_database.prepare("INSERT INTO ledger_gap(journal_id,seq,showings,boot,boot_end_ms,reason,received_ms,local_day)"
                                           " VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"));
    insert.bind(1, m_journal_id);
    insert.bind(2, header.seq);
    insert.bind(3, addend(count));
    insert.bind(4, header.boot);
    insert.bind(5, row.boot_end_ms);
    insert.bind(6, row.reason);
    insert.bind(7, to_ms(m_received_at));
    insert.bind(8, local_hour("", when).day);
    return insert.run();
}

Result<void> Booking::place_gaps_again(const std::string& device, const std::string& boot) {
    struct Gap {
        std::int64_t journal_id = 0, seq = 0, boot_end_ms = 0;
    };
    std::vector<Gap> gaps;
    CAPSULE_TRY(select, m_database.prepare("SELECT g.journal_id, g.seq, g.boot_end_ms FROM ledger_journal j JOIN ledger_gap g"
                                           " ON g.journal_id=j.id WHERE j.device=?1 AND g.boot=?2 AND g.boot_end_ms>0"));
    select.bind(1, device);
    select.bind(2, boot);
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            break;
        gaps.push_back({select.integer(0), select.integer(1), select.integer(2)});
    }
    CAPSULE_TRY(update, m_database.prepare("UPDATE ledger_gap SET local_day=?1 WHERE journal_id=?2 AND seq=?3"));
    for (const Gap& gap : gaps) {
        CAPSULE_TRY(placement, m_placer.place(device, boot, gap.boot_end_ms));
        if (!placement)
            continue;
        update.bind(1, local_hour("", instant_from_ms(placement->utc_ms)).day);
        update.bind(2, gap.journal_id);
        update.bind(3, gap.seq);
        CAPSULE_CHECK(update.run());
    }
    return {};
}

Result<void> Booking::finish(std::span<const ReceivedRow> rows) {
    const std::string& device = rows.front().row.header.device;
    // Once for all anchors of the batch: a screen may send hundreds, each better than the one before.
    for (const auto& [boot, reach] : m_reached) {
        CAPSULE_CHECK(place_again(device, boot, reach));
        CAPSULE_CHECK(place_gaps_again(device, boot));
    }
    CAPSULE_CHECK(m_boots.add(m_journal_id, rows));
    CAPSULE_CHECK(m_boots.write());
    CAPSULE_CHECK(m_coverage.write(m_database));
    CAPSULE_CHECK(m_sums.write(m_database, device));
    CAPSULE_TRY(upsert, m_database.prepare("INSERT INTO ledger_screen(screen,device,last_received_ms) VALUES(?1,?2,?3)"
                                           " ON CONFLICT(screen) DO UPDATE SET device=?2, last_received_ms=?3"));
    for (const std::string& screen : m_screens) {
        upsert.bind(1, screen);
        upsert.bind(2, device);
        upsert.bind(3, to_ms(m_received_at));
        CAPSULE_CHECK(upsert.run());
    }
    return {};
}

} // namespace

Result<void> book(sqlite::Database& database, const BookedBatch& batch, std::span<const ReceivedRow> rows, const SiteZones& zones) {
    if (rows.empty())
        return {};
    Booking booking(database, batch, zones);
    for (const ReceivedRow& row : rows)
        CAPSULE_CHECK(std::visit([&](const auto& body) { return booking(row.row.header, body); }, row.row.body));
    return booking.finish(rows);
}

Result<void> book_again(sqlite::Database& database, const BookedBatch& batch, std::span<const ReceivedRow> rows, const SiteZones& zones) {
    Booking booking(database, batch, zones);
    for (const ReceivedRow& row : rows) {
        if (const auto* showing = std::get_if<ShowingRow>(&row.row.body))
            CAPSULE_CHECK(booking(row.row.header, *showing));
        else if (const auto* gap = std::get_if<GapRow>(&row.row.body))
            CAPSULE_CHECK(booking(row.row.header, *gap));
    }
    return {};
}

} // namespace capsule::server
