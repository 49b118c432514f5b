#include "playlists/server/ledger/losses.hpp"

#include <algorithm>

namespace capsule::server {

Result<std::int64_t> count_declared_lost(sqlite::Database& database, std::string_view device, std::string_view journal,
                                         std::int64_t first, std::int64_t last) {
    CAPSULE_TRY(select, database.prepare("SELECT first_seq, last_seq FROM ledger_lost WHERE device=?1 AND journal=?2 AND last_seq>=?3"
                                         " AND first_seq<=?4 ORDER BY first_seq"));
    select.bind(1, device);
    select.bind(2, journal);
    select.bind(3, first);
    select.bind(4, last);
    std::int64_t sum = 0, next = first;
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            return sum;
        const std::int64_t from = std::max(next, select.integer(0)), to = std::min(last, select.integer(1));
        if (to < from)
            continue;
        sum += to - from + 1;
        next = to + 1;
    }
}

std::string_view losses_schema() {
    return R"sql(
CREATE TABLE ledger_lost(
    device TEXT NOT NULL,
    journal TEXT NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    journal_id INTEGER NOT NULL REFERENCES ledger_journal(id),
    seq INTEGER NOT NULL,
    PRIMARY KEY(device, journal, first_seq, last_seq)
) STRICT;
)sql";
}

namespace {

// The highest number of the device's journal that had come before the batch; below it all had, but what was declared lost.
Result<std::int64_t> received_until(sqlite::Database& database, std::string_view device, std::string_view journal, std::int64_t batch_id) {
    CAPSULE_TRY(select,
                database.prepare("SELECT COALESCE((SELECT r.seq FROM ledger_row r WHERE r.journal_id=j.id AND r.batch_id<?3"
                                 " ORDER BY r.seq DESC LIMIT 1),0),"
                                 " COALESCE((SELECT MAX(d.last_seq) FROM ledger_dropped d WHERE d.journal_id=j.id),0)"
                                 " FROM ledger_journal j WHERE j.device=?1 AND j.journal=?2"));
    select.bind(1, device);
    select.bind(2, journal);
    select.bind(3, batch_id);
    CAPSULE_TRY(there, select.step());
    return there ? std::max(select.integer(0), select.integer(1)) : 0;
}

} // namespace

Result<std::int64_t> declare_lost(sqlite::Database& database, const RowHeader& header, std::int64_t journal_id, std::int64_t batch_id,
                                  const LostRows& lost) {
    CAPSULE_TRY(until, received_until(database, header.device, lost.journal, batch_id));
    const std::int64_t received_to = std::min(until, lost.last);
    CAPSULE_TRY(known, count_declared_lost(database, header.device, lost.journal, lost.first, lost.last));
    std::int64_t received = 0;
    if (received_to >= lost.first) {
        CAPSULE_TRY(of_those, count_declared_lost(database, header.device, lost.journal, lost.first, received_to));
        received = received_to - lost.first + 1 - of_those;
    }
    CAPSULE_TRY(insert, database.prepare("INSERT INTO ledger_lost(device,journal,first_seq,last_seq,journal_id,seq) VALUES(?1,?2,?3,?4,?5,?6)"
                                         " ON CONFLICT DO NOTHING"));
    insert.bind(1, header.device);
    insert.bind(2, lost.journal);
    insert.bind(3, lost.first);
    insert.bind(4, lost.last);
    insert.bind(5, journal_id);
    insert.bind(6, header.seq);
    CAPSULE_CHECK(insert.run());
    return lost.last - lost.first + 1 - known - received;
}

Result<bool> is_declared_lost(sqlite::Database& database, std::string_view device, std::string_view journal, std::int64_t first,
                              std::int64_t last) {
    CAPSULE_TRY(known, count_declared_lost(database, device, journal, first, last));
    return known == last - first + 1;
}

} // namespace capsule::server
