#include "playlists/server/ledger/boots.hpp"

#include "playlists/server/ledger/placing.hpp"

#include <algorithm>
#include <optional>
#include <variant>
#include <vector>

namespace capsule::server {

namespace {

constexpr const char* columns =
    "journal_id,first_seq,last_seq,device,boot,last_boot_ms,first_screen,last_screen,gap_before_first,"
    "gap_after_last";

template <typename Record>
Record read(sqlite::Statement& row) {
    return {row.integer(0), row.integer(1), row.integer(2), row.text(3),         row.text(4),
            row.integer(5), row.text(6),    row.text(7),    row.integer(8) != 0, row.integer(9) != 0};
}

std::int64_t boot_time_of(const Row& row) {
    struct Last {
        std::int64_t operator()(const ShowingRow& body) const { return body.boot_end_ms; }
        std::int64_t operator()(const AnchorRow& body) const { return body.boot_ms; }
        std::int64_t operator()(const GapRow&) const { return 0; } // may speak of another boot
        std::int64_t operator()(const StateRow& body) const { return body.boot_ms; }
    };
    return std::visit(Last{}, row.body);
}

} // namespace

void Boots::read_into(Record& record, const Row& row) {
    record.last_seq = row.header.seq;
    record.last_boot_ms = std::max(record.last_boot_ms, boot_time_of(row));
    if (std::holds_alternative<GapRow>(row.body)) {
        (record.first_screen.empty() ? record.gap_before_first : record.gap_after_last) = true;
    } else if (const auto* showing = std::get_if<ShowingRow>(&row.body); showing && !showing->screen.empty()) {
        if (record.first_screen.empty())
            record.first_screen = showing->screen.text();
        record.last_screen = showing->screen.text();
        record.gap_after_last = false;
    }
}

Result<std::optional<Boots::Record>> Boots::last_of(std::int64_t journal_id) {
    CAPSULE_TRY(select, m_database.prepare(std::string("SELECT ") + columns +
                                           " FROM ledger_boot WHERE journal_id=?1 ORDER BY first_seq DESC LIMIT 1"));
    select.bind(1, journal_id);
    CAPSULE_TRY(there, select.step());
    return there ? std::optional(read<Record>(select)) : std::nullopt;
}

Result<void> Boots::keep(const Record& record) {
    CAPSULE_TRY(upsert,
                m_database.prepare(std::string("INSERT INTO ledger_boot(") + columns +
                                   ") VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10) ON CONFLICT(journal_id,first_seq) DO UPDATE SET"
                                   " last_seq=?3, last_boot_ms=?6, first_screen=?7, last_screen=?8, gap_before_first=?9,"
                                   " gap_after_last=?10"));
    upsert.bind(1, record.journal_id);
    upsert.bind(2, record.first_seq);
    upsert.bind(3, record.last_seq);
    upsert.bind(4, record.device);
    upsert.bind(5, record.boot);
    upsert.bind(6, record.last_boot_ms);
    upsert.bind(7, record.first_screen);
    upsert.bind(8, record.last_screen);
    upsert.bind(9, std::int64_t{record.gap_before_first});
    upsert.bind(10, std::int64_t{record.gap_after_last});
    m_changed.emplace(record.device, record.boot);
    return upsert.run();
}

Result<void> Boots::add(std::int64_t journal_id, std::span<const ReceivedRow> rows) {
    CAPSULE_TRY(record, last_of(journal_id));
    for (const ReceivedRow& received : rows) {
        const RowHeader& header = received.row.header;
        if (record && header.seq <= record->last_seq)
            continue; // it came late, into a hole: what lies beside that stays unknown
        if (record && record->boot != header.boot) {
            CAPSULE_CHECK(keep(*record));
            record.reset();
        }
        if (!record) {
            record.emplace();
            record->journal_id = journal_id;
            record->first_seq = header.seq;
            record->device = header.device;
            record->boot = header.boot;
        }
        read_into(*record, received.row);
    }
    return record ? keep(*record) : Result<void>{};
}

// Empty where something stands between the two that nobody knows.
Result<std::optional<Boots::OffTime>> Boots::between(const Record& one, const Record& next) {
    const std::optional<OffTime> unknown;
    if (one.gap_after_last || next.gap_before_first || one.last_seq + 1 != next.first_seq)
        return unknown;
    if (one.last_screen.empty() || (!next.first_screen.empty() && next.first_screen != one.last_screen))
        return unknown;
    CAPSULE_TRY(end, place(m_database, one.device, one.boot, one.last_boot_ms));
    CAPSULE_TRY(start, place(m_database, next.device, next.boot, 0));
    if (!end || !start)
        return unknown;
    const OffTime off{one.last_screen, end->utc_ms + end->error_ms, start->utc_ms - start->error_ms};
    return off.from_ms < off.until_ms && off.from_ms >= 0 ? std::optional(off) : unknown;
}

Result<void> Boots::book_before(const Record& next) {
    CAPSULE_TRY(select,
                m_database.prepare(std::string("SELECT ") + columns +
                                   " FROM ledger_boot WHERE journal_id=?1 AND first_seq<?2 ORDER BY first_seq DESC LIMIT 1"));
    select.bind(1, next.journal_id);
    select.bind(2, next.first_seq);
    CAPSULE_TRY(there, select.step());
    if (!there)
        return {};
    CAPSULE_TRY(off, between(read<Record>(select), next));
    CAPSULE_TRY(
        booked,
        m_database.prepare("SELECT off_screen, off_from_ms, off_until_ms FROM ledger_boot WHERE journal_id=?1 AND first_seq=?2"));
    booked.bind(1, next.journal_id);
    booked.bind(2, next.first_seq);
    CAPSULE_TRY(known, booked.step());
    std::optional<OffTime> before;
    if (known && !booked.is_null(0))
        before = OffTime{booked.text(0), booked.integer(1), booked.integer(2)};
    if (before == off)
        return {};
    if (before) {
        m_coverage.made_anew(before->screen, before->from_ms, before->until_ms);
        if (off)
            m_coverage.made_anew(off->screen, off->from_ms, off->until_ms);
    } else {
        m_coverage.add_off(off->screen, off->from_ms, off->until_ms);
    }
    booked.reset();
    CAPSULE_TRY(update, m_database.prepare("UPDATE ledger_boot SET off_screen=?3, off_from_ms=?4, off_until_ms=?5"
                                           " WHERE journal_id=?1 AND first_seq=?2"));
    update.bind(1, next.journal_id);
    update.bind(2, next.first_seq);
    if (off) {
        update.bind(3, off->screen);
        update.bind(4, off->from_ms);
        update.bind(5, off->until_ms);
    } else {
        for (int column = 3; column <= 5; ++column)
            update.bind_null(column);
    }
    return update.run();
}

Result<void> Boots::write() {
    CAPSULE_TRY(same, m_database.prepare(std::string("SELECT ") + columns + " FROM ledger_boot WHERE device=?1 AND boot=?2"));
    CAPSULE_TRY(after, m_database.prepare(std::string("SELECT ") + columns +
                                          " FROM ledger_boot WHERE journal_id=?1 AND first_seq>?2 ORDER BY first_seq LIMIT 1"));
    for (const auto& [device, boot] : m_changed) {
        std::vector<Record> records;
        same.bind(1, device);
        same.bind(2, boot);
        for (;;) {
            CAPSULE_TRY(there, same.step());
            if (!there)
                break;
            records.push_back(read<Record>(same));
        }
        same.reset();
        for (const Record& record : records) {
            CAPSULE_CHECK(book_before(record));
            after.bind(1, record.journal_id);
            after.bind(2, record.first_seq);
            CAPSULE_TRY(there, after.step());
            std::optional<Record> next;
            if (there)
                next = read<Record>(after);
            after.reset();
            if (next)
                CAPSULE_CHECK(book_before(*next));
        }
    }
    m_changed.clear();
    return {};
}

} // namespace capsule::server
