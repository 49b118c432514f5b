#include "playlists/server/ledger/placing.hpp"

#include "playlists/ledger/anchor.hpp"

#include <cstdlib>
#include <limits>
#include <tuple>

namespace capsule::server {

namespace {

constexpr std::int64_t latest_ms = 253'402'300'799'999; // the end of the year 9999: days have eight digits

struct Candidate {
    AnchorRow anchor;
    Placement placement;
    std::int64_t distance = 0;

    auto rank() const { return std::tuple(placement.error_ms, distance, anchor.boot_ms, anchor.utc_ms); }
};

// Anchors of one side, nearest first, until not even one with the smallest error of the boot could be better.
Result<void> look(sqlite::Statement& select, std::string_view device, std::string_view boot, std::int64_t boot_ms,
                  std::int64_t smallest_error, std::optional<Candidate>& best) {
    select.bind(1, device);
    select.bind(2, boot);
    select.bind(3, boot_ms);
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            break;
        Candidate next{{select.integer(0), select.integer(1), select.integer(2), ""}, {}, 0};
        next.placement = placed_by(next.anchor, boot_ms);
        next.distance = std::abs(boot_ms - next.anchor.boot_ms);
        if (!best || next.rank() < best->rank())
            best = next;
        if (smallest_error + next.distance / clock_drift_divisor > best->placement.error_ms)
            break;
    }
    select.reset();
    return {};
}

// How far from `anchor`, on the side of `sql`, it can be better than others: an anchor that beats it at its own place beats it
// everywhere beyond.
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
        if (select.integer(1) < error_at(anchor, select.integer(0)))
            return select.integer(0);
    }
}

} // namespace

Placement placed_by(const AnchorRow& anchor, std::int64_t boot_ms) {
    return {anchor.utc_ms + boot_ms - anchor.boot_ms, error_at(anchor, boot_ms)};
}

Result<std::optional<Placement>> Placer::place(std::string_view device, std::string_view boot, std::int64_t boot_ms) {
    if (!m_before) {
        CAPSULE_TRY(before, m_database.prepare("SELECT boot_ms, utc_ms, error_ms FROM ledger_anchor WHERE device=?1 AND boot=?2"
                                               " AND boot_ms<=?3 ORDER BY boot_ms DESC"));
        CAPSULE_TRY(after, m_database.prepare("SELECT boot_ms, utc_ms, error_ms FROM ledger_anchor WHERE device=?1 AND boot=?2"
                                              " AND boot_ms>?3 ORDER BY boot_ms"));
        CAPSULE_TRY(smallest, m_database.prepare("SELECT MIN(error_ms) FROM ledger_anchor WHERE device=?1 AND boot=?2"));
        m_before.emplace(std::move(before));
        m_after.emplace(std::move(after));
        m_smallest.emplace(std::move(smallest));
    }
    m_smallest->bind(1, device);
    m_smallest->bind(2, boot);
    CAPSULE_TRY(there, m_smallest->step());
    const bool none = !there || m_smallest->is_null(0);
    const std::int64_t smallest_error = none ? 0 : m_smallest->integer(0);
    m_smallest->reset();
    std::optional<Candidate> best;
    if (none)
        return std::optional<Placement>{};
    CAPSULE_CHECK(look(*m_before, device, boot, boot_ms, smallest_error, best));
    CAPSULE_CHECK(look(*m_after, device, boot, boot_ms, smallest_error, best));
    if (!best || best->placement.utc_ms < 0 || best->placement.utc_ms > latest_ms)
        return std::optional<Placement>{};
    return std::optional(best->placement);
}

Result<std::optional<Placement>> place(sqlite::Database& database, std::string_view device, std::string_view boot, std::int64_t boot_ms) {
    return Placer(database).place(device, boot, boot_ms);
}

Result<Reach> reach_of(sqlite::Database& database, const RowHeader& header, const AnchorRow& anchor) {
    CAPSULE_TRY(from, reach(database, header, anchor,
                            "SELECT boot_ms, error_ms FROM ledger_anchor WHERE device=?1 AND boot=?2 AND boot_ms<=?3 ORDER BY boot_ms DESC",
                            0));
    CAPSULE_TRY(to, reach(database, header, anchor,
                          "SELECT boot_ms, error_ms FROM ledger_anchor WHERE device=?1 AND boot=?2 AND boot_ms>?3 ORDER BY boot_ms",
                          std::numeric_limits<std::int64_t>::max()));
    return Reach{from, to};
}

Result<void> keep_anchor(sqlite::Database& database, const RowHeader& header, std::int64_t journal_id, const AnchorRow& anchor) {
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
    return insert.run();
}

} // namespace capsule::server
