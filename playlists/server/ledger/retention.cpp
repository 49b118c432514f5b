#include "playlists/server/ledger/retention.hpp"

#include "playlists/server/ledger/coverage.hpp"
#include "playlists/server/ledger/sums.hpp"

#include <string>
#include <vector>

namespace capsule::server {

namespace {

struct Due {
    std::int64_t journal_id = 0, last_batch = 0;
};

// The batches at the beginning of each journal that are all old: none after the first that is not.
Result<std::vector<Due>> due_journals(sqlite::Database& database, Instant before) {
    CAPSULE_TRY(select, database.prepare(
                            "SELECT journal_id, MAX(id) FROM ledger_batch b WHERE received_ms<?1 AND NOT EXISTS(SELECT 1 FROM"
                            " ledger_batch e WHERE e.journal_id=b.journal_id AND e.id<b.id AND e.received_ms>=?1)"
                            " GROUP BY journal_id"));
    select.bind(1, to_ms(before));
    std::vector<Due> out;
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            return out;
        out.push_back({select.integer(0), select.integer(1)});
    }
}

Result<void> keep_coverage(sqlite::Database& database, std::int64_t journal_id, std::int64_t last_seq) {
    Coverage coverage;
    CAPSULE_TRY(select, database.prepare(
                            "SELECT screen, evidence, start_utc_ms, shown_ms FROM ledger_showing WHERE journal_id=?1 AND seq<=?2"
                            " AND local_day IS NOT NULL ORDER BY start_utc_ms"));
    select.bind(1, journal_id);
    select.bind(2, last_seq);
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            return coverage.write_dropped(database);
        coverage.add({select.text(0), select.text(1), select.integer(2), select.integer(3)});
    }
}

std::string keep_sums() {
    return "INSERT INTO ledger_hour_dropped(" + std::string(hour_columns()) + ") SELECT local_day,local_hour,screen,site,capsule,evidence," +
           std::string(summed_columns()) + " FROM (" + each_showing_as_sums("journal_id=?1 AND seq<=?2") +
           ") AS shown WHERE 1=1 GROUP BY local_day,local_hour,screen,site,capsule,evidence"
           " ON CONFLICT(local_day,local_hour,screen,site,capsule,evidence) DO UPDATE SET " +
           std::string(added_columns());
}

Result<void> run(sqlite::Database& database, const std::string& sql, std::int64_t journal_id, std::int64_t last) {
    CAPSULE_TRY(statement, database.prepare(sql));
    statement.bind(1, journal_id);
    statement.bind(2, last);
    return statement.run();
}

Result<std::int64_t> drop(sqlite::Database& database, const Due& due, Instant before, Instant now, std::string_view rule) {
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    // Rows that came late lie between older ones, and stop them from going before their own time has come.
    CAPSULE_TRY(rows, database.prepare("SELECT COUNT(*), MIN(seq), MAX(seq) FROM ledger_row WHERE journal_id=?1 AND batch_id<=?2"
                                       " AND seq<COALESCE((SELECT MIN(y.seq) FROM ledger_row y WHERE y.journal_id=?1"
                                       " AND y.batch_id>?2),9223372036854775807)"));
    rows.bind(1, due.journal_id);
    rows.bind(2, due.last_batch);
    CAPSULE_TRY(there, rows.step());
    const std::int64_t count = there ? rows.integer(0) : 0, first = count ? rows.integer(1) : 0,
                       last = count ? rows.integer(2) : 0;
    rows.reset();
    if (count == 0)
        return std::int64_t{0};
    CAPSULE_CHECK(keep_coverage(database, due.journal_id, last));
    CAPSULE_CHECK(run(database, keep_sums(), due.journal_id, last));
    CAPSULE_TRY(
        record,
        database.prepare("INSERT INTO ledger_dropped(journal_id,first_seq,last_seq,last_digest,dropped_rows,first_day,last_day,"
                         "received_before_ms,dropped_ms,rule) SELECT ?1,?2,?3,(SELECT digest FROM ledger_row WHERE journal_id=?1"
                         " AND seq=?3),?4,MIN(local_day),MAX(local_day),?5,?6,?7 FROM ledger_showing WHERE journal_id=?1"
                         " AND seq<=?3 AND local_day IS NOT NULL"));
    record.bind(1, due.journal_id);
    record.bind(2, first);
    record.bind(3, last);
    record.bind(4, count);
    record.bind(5, to_ms(before));
    record.bind(6, to_ms(now));
    record.bind(7, rule);
    CAPSULE_CHECK(record.run());
    CAPSULE_CHECK(run(database, "DELETE FROM ledger_showing WHERE journal_id=?1 AND seq<=?2 AND local_day IS NOT NULL",
                      due.journal_id, last));
    CAPSULE_CHECK(run(database, "DELETE FROM ledger_row WHERE journal_id=?1 AND seq<=?2", due.journal_id, last));
    CAPSULE_CHECK(run(database,
                      "DELETE FROM ledger_batch WHERE journal_id=?1 AND id<=?2 AND NOT EXISTS(SELECT 1 FROM ledger_fork f"
                      " WHERE f.batch_id=ledger_batch.id) AND NOT EXISTS(SELECT 1 FROM ledger_row r WHERE r.journal_id=?1"
                      " AND r.seq>=ledger_batch.first_seq AND r.seq<=ledger_batch.last_seq AND r.batch_id=ledger_batch.id)",
                      due.journal_id, due.last_batch));
    CAPSULE_CHECK(transaction.commit());
    return count;
}

} // namespace

Result<std::int64_t> drop_rows(sqlite::Database& database, Instant before, Instant now, std::string_view rule) {
    CAPSULE_TRY(journals, due_journals(database, before));
    std::int64_t count = 0;
    for (const Due& due : journals) {
        CAPSULE_TRY(dropped, drop(database, due, before, now, rule));
        count += dropped;
    }
    return count;
}

} // namespace capsule::server
