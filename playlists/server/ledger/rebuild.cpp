#include "playlists/server/ledger/rebuild.hpp"

#include "playlists/server/ledger/book.hpp"
#include "playlists/server/ledger/boots.hpp"
#include "playlists/server/ledger/capsule_numbers.hpp"
#include "playlists/server/ledger/coverage.hpp"
#include "playlists/server/ledger/placing.hpp"
#include "playlists/server/ledger/rollups.hpp"

#include <string>
#include <variant>
#include <vector>

namespace capsule::server {

namespace {

constexpr std::int64_t derived_version = 2;

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
)sql";

std::string sum_hours() {
    return "INSERT INTO ledger_hour(" + std::string(hour_columns()) + ") SELECT local_day,local_hour,screen,site,capsule,evidence," +
           std::string(summed_columns()) + " FROM (" + each_showing_as_sums("") + " UNION ALL SELECT " + std::string(hour_columns()) +
           " FROM ledger_hour_dropped) AS booked GROUP BY local_day,local_hour,screen,site,capsule,evidence";
}

// One grain of `ledger_sum`, in SQL: what stands for its period and place, and what its cells tell apart.
struct GrainColumns {
    Grain grain;
    const char *period, *place, *day, *hour, *capsule;
};
constexpr GrainColumns grains[] = {
    {Grain::month_site, "local_day/100", "site", "0", "-1", "capsule"},
    {Grain::month_site_day, "local_day/100", "site", "local_day%100", "-1", "''"},
    {Grain::month_site_hour, "local_day/100", "site", "0", "local_hour", "capsule"},
    {Grain::day_site, "local_day", "site", "0", "local_hour", "capsule"},
    {Grain::day, "local_day", "''", "0", "local_hour", "capsule"},
    {Grain::month_screen, "local_day/100", "screen", "local_day%100", "-1", "''"},
};

// Of the days ?1 to ?2, in the order of period and place.
std::string select_cells(const GrainColumns& grain) {
    const std::string keys = std::string(grain.period) + " AS period," + grain.place + " AS place," + grain.day + " AS day_of_month," +
                             grain.hour + " AS hour_of_day," + grain.capsule + " AS shown,";
    std::string sql = "SELECT period,place,day_of_month,hour_of_day,shown,evidence," + std::string(summed_columns()) +
                      ",SUM(scans) FROM (SELECT " + keys + "evidence," + std::string(sum_columns()) +
                      ",0 AS scans FROM ledger_hour WHERE local_day BETWEEN ?1 AND ?2";
    if (grain.grain != Grain::month_screen) // the code of a scan is the screen's, but nobody asks for scans by screen
        sql += " UNION ALL SELECT " + keys + "'',0,0,0,0,0,0,scans FROM scan_count WHERE local_day BETWEEN ?1 AND ?2";
    return sql + ") AS booked GROUP BY 1,2,3,4,5,6 ORDER BY 1,2";
}

Result<void> sum_grain(sqlite::Database& database, const GrainColumns& grain, std::int64_t month) {
    CAPSULE_TRY(select, database.prepare(select_cells(grain)));
    CAPSULE_TRY(insert, database.prepare("INSERT INTO ledger_sum(grain,period,place,cells) VALUES(?1,?2,?3,?4)"));
    select.bind(1, month * 100);
    select.bind(2, month * 100 + 99);
    CapsuleNumbers numbers(database);
    std::int64_t period = 0;
    std::string place;
    std::vector<Cell> cells;
    const auto write = [&]() -> Result<void> {
        settle(cells);
        if (cells.empty())
            return {};
        insert.bind(1, static_cast<std::int64_t>(grain.grain));
        insert.bind(2, period);
        insert.bind(3, place);
        insert.bind_blob(4, pack(cells));
        cells.clear();
        return insert.run();
    };
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            return write();
        if (select.integer(0) != period || select.view(1) != place) {
            CAPSULE_CHECK(write());
            period = select.integer(0);
            place = select.text(1);
        }
        CAPSULE_TRY(capsule, numbers.of(select.text(4)));
        cells.push_back({{static_cast<std::uint8_t>(select.integer(2)), static_cast<std::int8_t>(select.integer(3)), capsule,
                          parse_evidence(select.view(5))},
                         {select.integer(6), select.integer(7), select.integer(8), select.integer(9), select.integer(10),
                          select.integer(11), select.integer(12)}});
    }
}

Result<void> sum_grains(sqlite::Database& database) {
    std::vector<std::int64_t> months;
    {
        CAPSULE_TRY(select, database.prepare("SELECT local_day/100 AS month FROM ledger_hour GROUP BY 1"
                                             " UNION SELECT local_day/100 FROM scan_count GROUP BY 1 ORDER BY 1"));
        for (;;) {
            CAPSULE_TRY(there, select.step());
            if (!there)
                break;
            months.push_back(select.integer(0));
        }
    }
    for (const std::int64_t month : months) // one at a time: the sorter has all of it in hand
        for (const GrainColumns& grain : grains)
            CAPSULE_CHECK(sum_grain(database, grain, month));
    return {};
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
    CAPSULE_CHECK(coverage.add_dropped(database));
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
    CAPSULE_CHECK(database.execute(sum_hours()));
    return sum_grains(database);
}

Result<void> mark_ledger_current(sqlite::Database& database) {
    return database.execute("UPDATE ledger_derived SET version=" + std::to_string(derived_version));
}

Result<void> rebuild_ledger(sqlite::Database& database, const SiteZones& zones) {
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_CHECK(database.execute(clear));
    Coverage none;
    Boots boots(database, none);
    CAPSULE_CHECK(read_anchors_and_boots(database, boots));
    CAPSULE_CHECK(each_batch(database, [&](const KeptBatch& batch, const std::vector<ReceivedRow>& rows) {
        return book_again(database, {batch.id, batch.journal_id, batch.received_at}, rows, zones);
    }));
    CAPSULE_CHECK(sum_showings(database));
    CAPSULE_CHECK(mark_ledger_current(database));
    return transaction.commit();
}

Result<bool> ledger_is_current(sqlite::Database& database) {
    CAPSULE_TRY(select, database.prepare("SELECT version FROM ledger_derived"));
    CAPSULE_TRY(there, select.step());
    return there && select.integer(0) == derived_version;
}

} // namespace capsule::server
