#include "playlists/server/ledger/rebuild.hpp"

#include "playlists/server/ledger/book.hpp"
#include "playlists/server/ledger/boots.hpp"
#include "playlists/server/ledger/coverage.hpp"
#include "playlists/server/ledger/placing.hpp"

#include <string>
#include <variant>
#include <vector>

namespace capsule::server {

namespace {

constexpr std::int64_t derived_version = 1;

// What stays of dropped rows: their anchors, gaps, boots and the showings that have no place in time.
constexpr const char* clear = R"sql(
DELETE FROM ledger_anchor WHERE seq>COALESCE((SELECT MAX(d.last_seq) FROM ledger_dropped d WHERE d.journal_id=ledger_anchor.journal_id),0);
DELETE FROM ledger_gap WHERE seq>COALESCE((SELECT MAX(d.last_seq) FROM ledger_dropped d WHERE d.journal_id=ledger_gap.journal_id),0);
DELETE FROM ledger_lost WHERE seq>COALESCE((SELECT MAX(d.last_seq) FROM ledger_dropped d WHERE d.journal_id=ledger_lost.journal_id),0);
DELETE FROM ledger_boot WHERE first_seq>COALESCE((SELECT MAX(d.last_seq) FROM ledger_dropped d WHERE d.journal_id=ledger_boot.journal_id),0);
DELETE FROM ledger_showing WHERE seq>COALESCE((SELECT MAX(d.last_seq) FROM ledger_dropped d WHERE d.journal_id=ledger_showing.journal_id),0);
UPDATE ledger_boot SET off_screen=NULL, off_from_ms=NULL, off_until_ms=NULL;
DELETE FROM ledger_hour;
DELETE FROM ledger_sum;
DELETE FROM ledger_coverage;
INSERT INTO ledger_coverage(screen,utc_day,proven,off) SELECT screen,utc_day,proven,off FROM ledger_coverage_dropped;
)sql";

constexpr const char* sum_hours = R"sql(
INSERT INTO ledger_hour(local_day,local_hour,screen,site,capsule,evidence,showing_rows,showings,complete,shown_ms,frames_due,frames_shown)
SELECT local_day,local_hour,screen,site,capsule,evidence,SUM(showing_rows),SUM(showings),SUM(complete),SUM(shown_ms),SUM(frames_due),
       SUM(frames_shown)
FROM (
    SELECT local_day,local_hour,screen,site,CASE WHEN item='capsule' THEN capsule ELSE '' END AS capsule,evidence,1 AS showing_rows,
           CASE WHEN item='capsule' AND shown_ms>=1 THEN 1 ELSE 0 END AS showings,
           CASE WHEN item='capsule' AND shown_ms>=1 AND ending='complete' THEN 1 ELSE 0 END AS complete,
           CASE WHEN item='capsule' AND shown_ms>=1 THEN shown_ms ELSE 0 END AS shown_ms,
           CASE WHEN item='capsule' AND shown_ms>=1 THEN frames_due ELSE 0 END AS frames_due,
           CASE WHEN item='capsule' AND shown_ms>=1 THEN frames_shown ELSE 0 END AS frames_shown
    FROM ledger_showing WHERE local_day IS NOT NULL
    UNION ALL
    SELECT local_day,local_hour,screen,site,capsule,evidence,showing_rows,showings,complete,shown_ms,frames_due,frames_shown
    FROM ledger_hour_dropped
) AS booked
GROUP BY local_day,local_hour,screen,site,capsule,evidence;
)sql";

// One grain: what stands for its period, place, capsule and hour.
std::string sum_grain(int grain, const std::string& period, const std::string& place, const std::string& capsule,
                      const std::string& hour) {
    const std::string keys = std::to_string(grain) + "," + period + "," + place + "," + capsule + "," + hour;
    std::string sql =
        "INSERT INTO ledger_sum(grain,period,place,capsule,local_hour,evidence,showing_rows,showings,complete,shown_ms,"
        "frames_due,frames_shown,scans) SELECT " +
        keys +
        ",evidence,SUM(showing_rows),SUM(showings),SUM(complete),SUM(shown_ms),SUM(frames_due),SUM(frames_shown),0"
        " FROM ledger_hour GROUP BY 2,3,4,5,6;";
    if (place != "screen") // the code of a scan is the screen's, but nobody asks for scans by screen
        sql += "INSERT INTO "
               "ledger_sum(grain,period,place,capsule,local_hour,evidence,showing_rows,showings,complete,shown_ms,frames_due,"
               "frames_shown,scans) SELECT " +
               keys + ",'',0,0,0,0,0,0,SUM(scans) FROM scan_count GROUP BY 2,3,4,5;";
    return sql;
}

struct KeptBatch {
    std::int64_t id = 0, journal_id = 0, first_seq = 0, last_seq = 0;
    Instant received_at{};
};

// Calls `use(batch, rows)` for each batch with rows, in the order in which they came.
template <typename Use>
Result<void> each_batch(sqlite::Database& database, Use use) {
    CAPSULE_TRY(batches,
                database.prepare("SELECT id, journal_id, first_seq, last_seq, received_ms FROM ledger_batch ORDER BY id"));
    CAPSULE_TRY(select,
                database.prepare(
                    "SELECT bytes FROM ledger_row WHERE journal_id=?1 AND seq>=?2 AND seq<=?3 AND batch_id=?4 ORDER BY seq"));
    for (;;) {
        CAPSULE_TRY(more, batches.step());
        if (!more)
            return {};
        const KeptBatch batch{batches.integer(0), batches.integer(1), batches.integer(2), batches.integer(3),
                              instant_from_ms(batches.integer(4))};
        select.bind(1, batch.journal_id);
        select.bind(2, batch.first_seq);
        select.bind(3, batch.last_seq);
        select.bind(4, batch.id);
        std::vector<ReceivedRow> rows;
        for (;;) {
            CAPSULE_TRY(there, select.step());
            if (!there)
                break;
            auto row = receive_row(select.view(0));
            if (!row)
                return in_context("a kept row of batch " + std::to_string(batch.id), row.error());
            rows.push_back(*std::move(row));
        }
        select.reset();
        if (!rows.empty())
            CAPSULE_CHECK(use(batch, rows));
    }
}

Result<void> read_anchors_and_boots(sqlite::Database& database, Boots& boots) {
    return each_batch(database, [&](const KeptBatch& batch, const std::vector<ReceivedRow>& rows) -> Result<void> {
        for (const ReceivedRow& row : rows)
            if (const auto* anchor = std::get_if<AnchorRow>(&row.row.body))
                CAPSULE_CHECK(keep_anchor(database, row.row.header, batch.journal_id, *anchor));
        return boots.add(batch.journal_id, rows);
    });
}

Result<void> cover(sqlite::Database& database, Coverage& coverage) {
    CAPSULE_TRY(select,
                database.prepare("SELECT screen, evidence, start_utc_ms, shown_ms FROM ledger_showing WHERE local_day IS NOT NULL"
                                 " ORDER BY screen, start_utc_ms"));
    for (std::int64_t count = 1;; ++count) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            return coverage.write(database);
        coverage.add({select.text(0), select.text(1), select.integer(2), select.integer(3)});
        if (count % 100'000 == 0)
            CAPSULE_CHECK(coverage.write(database));
    }
}

} // namespace

Result<void> sum_showings(sqlite::Database& database) {
    Coverage coverage;
    Boots boots(database, coverage);
    {
        CAPSULE_TRY(all, database.prepare("SELECT DISTINCT device, boot FROM ledger_boot"));
        for (;;) {
            CAPSULE_TRY(there, all.step());
            if (!there)
                break;
            boots.placed_anew(all.text(0), all.text(1));
        }
    }
    CAPSULE_CHECK(boots.write());
    CAPSULE_CHECK(cover(database, coverage));
    CAPSULE_CHECK(database.execute(sum_hours));
    const std::string month = "local_day/100", none = "''", no_hour = "-1";
    for (const std::string& sql :
         {sum_grain(1, "local_day", "site", none, no_hour), sum_grain(2, "local_day", none, "capsule", no_hour),
          sum_grain(3, "local_day", none, none, "local_hour"), sum_grain(4, month, "site", none, no_hour),
          sum_grain(5, month, "site", "capsule", no_hour), sum_grain(6, "local_day", "screen", none, no_hour),
          sum_grain(7, month, "screen", none, no_hour)})
        CAPSULE_CHECK(database.execute(sql));
    return {};
}

Result<void> rebuild_ledger(sqlite::Database& database, const SiteZones& zones) {
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_CHECK(database.execute(clear));
    Coverage none;
    Boots boots(database, none);
    CAPSULE_CHECK(read_anchors_and_boots(database, boots));
    CAPSULE_CHECK(each_batch(database, [&](const KeptBatch& batch, const std::vector<ReceivedRow>& rows) {
        return book_again(database, batch.journal_id, rows, batch.received_at, zones);
    }));
    CAPSULE_CHECK(sum_showings(database));
    CAPSULE_CHECK(database.execute("UPDATE ledger_derived SET version=" + std::to_string(derived_version)));
    return transaction.commit();
}

Result<bool> ledger_is_current(sqlite::Database& database) {
    CAPSULE_TRY(select, database.prepare("SELECT version FROM ledger_derived"));
    CAPSULE_TRY(there, select.step());
    return there && select.integer(0) == derived_version;
}

} // namespace capsule::server
