#include "playlists/server/ledger/placing.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <vector>

namespace capsule::server {

namespace {

constexpr std::int64_t drift_divisor = 10'000;

// Looks at the anchors on one side of `boot_ms`, nearest first: enough of them for ten hours at the pace at which screens write them.
Result<void> look(sqlite::Database& database, std::string_view device, std::string_view boot, std::int64_t boot_ms, const char* sql,
                  std::optional<Placement>& best) {
    CAPSULE_TRY(select, database.prepare(sql));
    select.bind(1, device);
    select.bind(2, boot);
    select.bind(3, boot_ms);
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            return {};
        const Placement placement = placed_by({select.integer(0), select.integer(1), select.integer(2), ""}, boot_ms);
        if (!best || placement.error_ms < best->error_ms)
            best = placement;
    }
}

// How far from `anchor`, on the side of `sql`, it can be better than others: up to the next anchor that beats it at its own place
// beats it everywhere beyond.
Result<std::int64_t> reach(sqlite::Database& database, const RowHeader& header, const AnchorRow& anchor, const char* sql,
                           std::int64_t unlimited) {
    CAPSULE_TRY(select, database.prepare(sql));
    select.bind(1, header.device);
    select.bind(2, header.boot);
    select.bind(3, anchor.boot_ms);
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            return unlimited;
        if (select.integer(1) <= placed_by(anchor, select.integer(0)).error_ms)
            return select.integer(0);
    }
}

} // namespace

Placement placed_by(const AnchorRow& anchor, std::int64_t boot_ms) {
    return {anchor.utc_ms + boot_ms - anchor.boot_ms, anchor.error_ms + std::abs(boot_ms - anchor.boot_ms) / drift_divisor};
}

Result<std::optional<Placement>> place(sqlite::Database& database, std::string_view device, std::string_view boot, std::int64_t boot_ms) {
    std::optional<Placement> best;
    CAPSULE_CHECK(look(database, device, boot, boot_ms,
                       "SELECT boot_ms, utc_ms, error_ms FROM ledger_anchor WHERE device=?1 AND boot=?2 AND boot_ms<=?3"
                       " ORDER BY boot_ms DESC LIMIT 64",
                       best));
    CAPSULE_CHECK(look(database, device, boot, boot_ms,
                       "SELECT boot_ms, utc_ms, error_ms FROM ledger_anchor WHERE device=?1 AND boot=?2 AND boot_ms>?3"
                       " ORDER BY boot_ms LIMIT 64",
                       best));
    return best;
}

Result<void> add_anchor(sqlite::Database& database, const RowHeader& header, std::int64_t journal_id, const AnchorRow& anchor,
                        const SiteZones& zones) {
    CAPSULE_TRY(from, reach(database, header, anchor,
                            "SELECT boot_ms, error_ms FROM ledger_anchor WHERE device=?1 AND boot=?2 AND boot_ms<=?3 ORDER BY boot_ms DESC",
                            0));
    CAPSULE_TRY(to, reach(database, header, anchor,
                          "SELECT boot_ms, error_ms FROM ledger_anchor WHERE device=?1 AND boot=?2 AND boot_ms>?3 ORDER BY boot_ms",
                          std::numeric_limits<std::int64_t>::max()));
    CAPSULE_TRY(insert, database.prepare("INSERT INTO ledger_anchor(device,boot,boot_ms,utc_ms,error_ms,source,journal_id,seq)"
                                         " VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"));
    insert.bind(1, header.device);
    insert.bind(2, header.boot);
    insert.bind(3, anchor.boot_ms);
    insert.bind(4, anchor.utc_ms);
    insert.bind(5, anchor.error_ms);
    insert.bind(6, anchor.source);
    insert.bind(7, journal_id);
    insert.bind(8, header.seq);
    CAPSULE_CHECK(insert.run());

    struct Moved {
        std::int64_t journal_id, seq;
        Placement placement;
        LocalHour hour;
    };
    std::vector<Moved> moved;
    CAPSULE_TRY(select, database.prepare("SELECT journal_id, seq, boot_start_ms, error_ms, site FROM ledger_showing"
                                         " WHERE device=?1 AND boot=?2 AND boot_start_ms>=?3 AND boot_start_ms<=?4"));
    select.bind(1, header.device);
    select.bind(2, header.boot);
    select.bind(3, from);
    select.bind(4, to);
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            break;
        const Placement placement = placed_by(anchor, select.integer(2));
        if (!select.is_null(3) && select.integer(3) <= placement.error_ms)
            continue;
        const std::string zone = zones(SiteId::parse(select.text(4)).value_or(SiteId{}));
        moved.push_back({select.integer(0), select.integer(1), placement, local_hour(zone, instant_from_ms(placement.utc_ms))});
    }
    CAPSULE_TRY(update, database.prepare("UPDATE ledger_showing SET start_utc_ms=?1, error_ms=?2, local_day=?3, local_hour=?4"
                                         " WHERE journal_id=?5 AND seq=?6"));
    for (const Moved& one : moved) {
        update.bind(1, one.placement.utc_ms);
        update.bind(2, one.placement.error_ms);
        update.bind(3, one.hour.day);
        update.bind(4, one.hour.hour);
        update.bind(5, one.journal_id);
        update.bind(6, one.seq);
        CAPSULE_CHECK(update.run());
    }
    return {};
}

} // namespace capsule::server
