#include "playlists/server/ledger/capsule_numbers.hpp"
#include "playlists/server/ledger/packed_sums.hpp"
#include "playlists/server/ledger/rebuild.hpp"
#include "playlists/server/ledger/retention.hpp"
#include "playlists/server/ledger/scans.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/random_history.hpp"

#include <algorithm>
#include <map>

using namespace capsule;
using namespace capsule::server;

namespace {

const SiteZones zones = [](const SiteId& site) {
    return site.text() == "reunion" ? std::string("Indian/Reunion") : std::string{};
};

// All that is derived, as text.
std::map<std::string, std::vector<std::string>> derived(LedgerDatabase& server) {
    const std::vector<std::pair<std::string, std::string>> tables = {
        {"showing",
         "journal_id||' '||seq||' '||boot_start_ms||' '||COALESCE(start_utc_ms,'?')||' '||COALESCE(error_ms,'?')||' '||"
         "COALESCE(local_day,'?')||' '||COALESCE(local_hour,'?')||' '||screen||' '||capsule||' '||evidence||' '||ending||' "
         "'||shown_ms"},
        {"anchor", "journal_id||' '||seq||' '||device||' '||boot||' '||boot_ms||' '||utc_ms||' '||error_ms"},
        {"gap", "journal_id||' '||seq||' '||showings||' '||local_day"},
        {"boot", "journal_id||' '||first_seq||' '||last_seq||' '||device||' '||boot||' '||last_boot_ms||' '||first_screen||' "
                 "'||last_screen||' '||"
                 "gap_before_first||gap_after_last||' '||COALESCE(off_screen,'?')||' '||COALESCE(off_from_ms,'?')||' "
                 "'||COALESCE(off_until_ms,'?')"},
        {"hour", "local_day||' '||local_hour||' '||screen||' '||site||' '||capsule||' '||evidence||' '||showing_rows||' "
                 "'||showings||' '||"
                 "complete||' '||shown_ms||' '||frames_due||' '||frames_shown"},
        {"sum", "grain||' '||period||' '||place||' '||hex(cells)"},
        {"capsule", "number||' '||capsule"},
        {"coverage", "screen||' '||utc_block||' '||hex(proven)||' '||hex(off)"}};
    std::map<std::string, std::vector<std::string>> out;
    for (const auto& [table, text] : tables)
        out[table] = server.column("SELECT " + text + " FROM ledger_" + table + " ORDER BY 1");
    return out;
}

void check_rebuilt(LedgerDatabase& server) {
    const auto kept = derived(server);
    REQUIRE(rebuild_ledger(server.database(), zones).ok());
    const auto made = derived(server);
    for (const auto& [table, rows] : kept) {
        INFO("ledger_" << table);
        CHECK(made.at(table) == rows);
    }
}

} // namespace

TEST_CASE("whatever came in whatever order, what was kept up to date is what the rows give anew") {
    std::size_t off = 0, corrected = 0, bounded = 0;
    for (unsigned seed = 1; seed <= 25; ++seed) {
        INFO("seed " << seed);
        LedgerDatabase server;
        RandomHistory history(seed);
        bool half_way = true;
        while (history.send(server)) {
            if (history.chance(20))
                REQUIRE(count_scan(server.database(), {"7K3", *SiteId::parse("fs-antony"), *CapsuleId::parse("mot-de-passe"), ""},
                                   *parse_rfc3339("2026-10-25T01:30:00Z"))
                            .ok());
            if (half_way && history.chance(10)) {
                check_rebuilt(server);
                half_way = false;
            }
        }
        check_rebuilt(server);
        off += server.column("SELECT 1 FROM ledger_boot WHERE off_screen IS NOT NULL").size();
        corrected += server.column("SELECT 1 FROM ledger_correction WHERE cause='anchor'").size();
        bounded += server.column("SELECT 1 FROM ledger_showing WHERE local_day IS NULL").size();
    }
    // The histories are worth something.
    CHECK(off > 10);
    CHECK(corrected > 20);
    CHECK(bounded > 50);
}

TEST_CASE("a rebuilt ledger goes on as if nothing had happened") {
    LedgerDatabase one, other;
    RandomHistory first(77), second(77);
    for (int i = 0; first.send(one); ++i) {
        REQUIRE(second.send(other));
        if (i % 5 == 0)
            REQUIRE(rebuild_ledger(other.database(), zones).ok());
    }
    CHECK(derived(one) == derived(other));
    CHECK(*ledger_is_current(one.database()));
}

TEST_CASE("closed hours are corrected with a trace, and the traces sum up to the figures") {
    LedgerDatabase server;
    JournalWriter screen;
    const std::int64_t start = to_ms(*parse_rfc3339("2026-11-22T08:00:00Z"));
    screen.add(AnchorRow{0, start, 4'000'000, "rtc"});
    screen.show(0);
    screen.show(20'000);
    // At once: no correction.
    REQUIRE(server.take(screen.device(), screen.journal(), screen.batch(), instant_from_ms(start + 60'000)).acked == 3);
    CHECK(server.column("SELECT 1 FROM ledger_correction").empty());
    // The next day: one more showing of yesterday, and a better anchor that moves the first two to the hour before.
    screen.show(7'200'000);
    screen.add(AnchorRow{30'000, start - 1'800'000, 20, "server"});
    REQUIRE(server.take(screen.device(), screen.journal(), screen.batch(4, 5), instant_from_ms(start + 86'400'000)).acked == 5);
    CHECK(server.column("SELECT cause||' '||local_hour||' '||showing_rows||' '||showings||' '||shown_ms FROM ledger_correction "
                        "ORDER BY id") == std::vector<std::string>{"late 11 1 1 10000", "anchor 8 2 2 20000",
                                                                   "anchor 9 -2 -2 -20000", "anchor 10 1 1 10000",
                                                                   "anchor 11 -1 -1 -10000"});
    CHECK(server.column("SELECT local_hour||' '||showings FROM ledger_hour ORDER BY 1") ==
          std::vector<std::string>{"10 1", "8 2"});
}

TEST_CASE("rows go only by the rule, with a record, and leave every sum as it was, also after a rebuild") {
    for (unsigned seed = 1; seed <= 8; ++seed) {
        INFO("seed " << seed);
        LedgerDatabase server;
        RandomHistory history(seed);
        for (int i = 0; i < 25; ++i)
            history.send(server);
        const auto sums = [&] {
            auto all = derived(server);
            return std::vector{all.at("hour"), all.at("sum"), all.at("coverage"), all.at("gap")};
        };
        const auto before = sums();
        const std::size_t rows = server.kept().size();
        const std::string half = server.column("SELECT received_ms FROM ledger_batch ORDER BY id LIMIT 1 OFFSET 15")[0];
        const auto dropped = drop_rows(server.database(), instant_from_ms(std::stoll(half)), Instant{}, "7 days");
        REQUIRE(dropped.ok());
        CHECK(*dropped > 0);
        CHECK(server.kept().size() == rows - static_cast<std::size_t>(*dropped));
        CHECK(server.column("SELECT SUM(dropped_rows) FROM ledger_dropped")[0] == std::to_string(*dropped));
        CHECK(sums() == before);
        check_rebuilt(server);
        CHECK(sums() == before);
        // What comes later is added as always.
        while (history.send(server)) {
        }
        check_rebuilt(server);
    }
}

TEST_CASE("a ledger that an older program kept comes to the same sums when it is brought up to date") {
    LedgerDatabase kept;
    RandomHistory history(5);
    while (history.send(kept))
        if (history.chance(20))
            REQUIRE(count_scan(kept.database(), {"7K3", *SiteId::parse("fs-antony"), *CapsuleId::parse("mot-de-passe"), ""},
                               *parse_rfc3339("2026-10-25T01:30:00Z"))
                        .ok());
    TemporaryFolder folder;
    auto older = sqlite::Database::open(folder.path() / "older.db");
    REQUIRE(older.ok());
    for (const std::string& sql : {std::string(ledger_schema()), std::string(losses_schema()), ledger_rollup_schema()})
        REQUIRE(older->execute(sql).ok());
    REQUIRE(older->execute("ATTACH '" + kept.path().string() + "' AS kept").ok());
    for (const char* table : {"ledger_journal", "ledger_batch", "ledger_row", "scan_count"})
        REQUIRE(older->execute("INSERT INTO main." + std::string(table) + " SELECT * FROM kept." + table).ok());
    REQUIRE(older->execute("DETACH kept").ok());
    REQUIRE(older->execute(ledger_packed_schema()).ok());
    CHECK_FALSE(*ledger_is_current(*older));
    REQUIRE(rebuild_ledger(*older, zones).ok());
    CHECK(*ledger_is_current(*older));
    const auto sums = [](sqlite::Database& database) {
        std::vector<std::string> out;
        auto select = database.prepare("SELECT s.grain||' '||s.period||' '||s.place, s.cells FROM ledger_sum s ORDER BY 1");
        auto names = CapsuleNumbers::all(database);
        REQUIRE(select.ok());
        REQUIRE(names.ok());
        while (*select->step()) {
            // Numbers of capsules may differ, so they are told by name.
            std::vector<std::string> cells;
            const auto unpacked = unpack(select->view(1));
            REQUIRE(unpacked);
            for (const Cell& cell : *unpacked)
                cells.push_back(names->at(cell.key.capsule) + " " + std::to_string(cell.key.day) + " " + std::to_string(cell.key.hour) +
                                " " + std::to_string(static_cast<int>(cell.key.evidence)) + " " + std::to_string(cell.sums.rows) + " " +
                                std::to_string(cell.sums.shown_ms) + " " + std::to_string(cell.sums.scans));
            std::sort(cells.begin(), cells.end());
            for (const std::string& cell : cells)
                out.push_back(select->text(0) + ": " + cell);
        }
        return out;
    };
    CHECK(sums(*older) == sums(kept.database()));
    CHECK(sums(*older).size() > 100);
}
