#include "playlists/server/ledger/book.hpp"

#include "playlists/server/ledger/losses.hpp"
#include "playlists/server/ledger/placing.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

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

class Booking {
public:
    Booking(sqlite::Database& database, std::int64_t journal_id, Instant received_at, const SiteZones& zones)
        : m_database(database), m_journal_id(journal_id), m_received_at(received_at), m_zones(zones) {}

    Result<void> operator()(const RowHeader& header, const ShowingRow& row);
    Result<void> operator()(const RowHeader& header, const AnchorRow& row) {
        return add_anchor(m_database, header, m_journal_id, row, m_zones);
    }
    Result<void> operator()(const RowHeader& header, const GapRow& row);
    Result<void> operator()(const RowHeader&, const StateRow&) { return {}; }
    Result<void> finish(const std::string& device);

private:
    sqlite::Database& m_database;
    const std::int64_t m_journal_id;
    const Instant m_received_at;
    const SiteZones& m_zones;
    std::optional<sqlite::Statement> m_insert;
    std::set<std::string> m_screens;
};

Result<void> Booking::operator()(const RowHeader& header, const ShowingRow& row) {
    if (!m_insert) {
        CAPSULE_TRY(insert, m_database.prepare(
                                "INSERT INTO ledger_showing(journal_id,seq,device,boot,boot_start_ms,start_utc_ms,error_ms,local_day,local_hour,"
                                "received_ms,screen,site,playlist,item,capsule,version,language,due_ms,shown_ms,frames_due,frames_shown,"
                                "frames_late,ending,evidence)"
                                " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24)"));
        m_insert.emplace(std::move(insert));
    }
    CAPSULE_TRY(placement, place(m_database, header.device, header.boot, row.boot_start_ms));
    sqlite::Statement& insert = *m_insert;
    insert.bind(1, m_journal_id);
    insert.bind(2, header.seq);
    insert.bind(3, header.device);
    insert.bind(4, header.boot);
    insert.bind(5, row.boot_start_ms);
    if (placement) {
        const LocalHour hour = local_hour(m_zones(row.site), instant_from_ms(placement->utc_ms));
        insert.bind(6, placement->utc_ms);
        insert.bind(7, placement->error_ms);
        insert.bind(8, hour.day);
        insert.bind(9, hour.hour);
    } else {
        for (int column = 6; column <= 9; ++column)
            insert.bind_null(column);
    }
    insert.bind(10, to_ms(m_received_at));
    insert.bind(11, row.screen.text());
    insert.bind(12, row.site.text());
    insert.bind(13, row.playlist.text());
    insert.bind(14, std::string_view(text_of(row.item)));
    insert.bind(15, row.capsule.text());
    insert.bind(16, row.version);
    insert.bind(17, row.language);
    insert.bind(18, addend(row.due_ms));
    insert.bind(19, addend(row.shown_ms));
    insert.bind(20, addend(row.frames_due));
    insert.bind(21, addend(row.frames_shown));
    insert.bind(22, addend(row.frames_late));
    insert.bind(23, std::string_view(text_of(row.end)));
    insert.bind(24, std::string_view(evidence_of(row)));
    if (!row.screen.empty())
        m_screens.insert(row.screen.text());
    return insert.run();
}

// A gap whose place in time is not known counts for the day on which it was heard of.
Result<void> Booking::operator()(const RowHeader& header, const GapRow& row) {
    if (row.lost) {
        CAPSULE_TRY(fresh, declare_lost(m_database, header, m_journal_id, *row.lost));
        if (fresh == 0)
            return {}; // declared twice, counted once
    }
    Instant when = m_received_at;
    if (row.boot_end_ms > 0) {
        CAPSULE_TRY(placement, place(m_database, header.device, header.boot, row.boot_end_ms));
        if (placement)
            when = instant_from_ms(placement->utc_ms);
    }
    CAPSULE_TRY(insert, m_database.prepare("INSERT INTO ledger_gap(journal_id,seq,showings,boot,boot_end_ms,reason,received_ms,local_day)"
                                           " VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"));
    insert.bind(1, m_journal_id);
    insert.bind(2, header.seq);
    insert.bind(3, addend(row.count));
    insert.bind(4, header.boot);
    insert.bind(5, row.boot_end_ms);
    insert.bind(6, row.reason);
    insert.bind(7, to_ms(m_received_at));
    insert.bind(8, local_hour("", when).day);
    return insert.run();
}

Result<void> Booking::finish(const std::string& device) {
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

Result<void> book(sqlite::Database& database, std::int64_t journal_id, std::span<const ReceivedRow> rows, Instant received_at,
                  const SiteZones& zones) {
    if (rows.empty())
        return {};
    Booking booking(database, journal_id, received_at, zones);
    for (const ReceivedRow& row : rows)
        CAPSULE_CHECK(std::visit([&](const auto& body) { return booking(row.row.header, body); }, row.row.body));
    return booking.finish(rows.front().row.header.device);
}

} // namespace capsule::server
