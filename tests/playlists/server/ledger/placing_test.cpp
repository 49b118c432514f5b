#include "playlists/ledger/limits.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/journal_writer.hpp"
#include "tests/fakes/ledger_database.hpp"

using namespace capsule;
using namespace capsule::server;

namespace {

struct Placed {
    bool known = false;
    std::int64_t utc_ms = 0, error_ms = 0, day = 0, hour = 0;
};

struct Server : LedgerDatabase {
    void take(const JournalWriter& from, std::size_t first, std::size_t last) {
        REQUIRE(LedgerDatabase::take(from.device(), from.journal(), from.batch(first, last)).acked == static_cast<std::int64_t>(last));
    }
    std::vector<Placed> placed() {
        auto select = database().prepare("SELECT start_utc_ms, error_ms, local_day, local_hour FROM ledger_showing ORDER BY seq");
        REQUIRE(select.ok());
        std::vector<Placed> out;
        while (*select->step())
            out.push_back({!select->is_null(0), select->integer(0), select->integer(1), select->integer(2), select->integer(3)});
        return out;
    }
};

std::int64_t at(const char* text) { return to_ms(*parse_rfc3339(text)); }

} // namespace

TEST_CASE("rows of a boot without an anchor are bounded, not booked") {
    Server server;
    JournalWriter screen;
    screen.show(60'000);
    server.take(screen, 1, 1);
    CHECK_FALSE(server.placed()[0].known);
}

TEST_CASE("a clock of 1970 does not falsify once an anchor of that boot arrives, in whatever batch") {
    Server server;
    JournalWriter screen;
    screen.show(60'000);
    screen.reboot("boot-2");
    screen.show(5'000);
    screen.show(3'605'000);
    screen.add(AnchorRow{7'200'000, at("2026-11-22T12:00:00Z"), 40, "server"});
    screen.show(7'210'000);
    const bool apart = GENERATE(false, true);
    if (apart) {
        server.take(screen, 1, 3);
        CHECK_FALSE(server.placed()[1].known);
        server.take(screen, 4, 5);
    } else {
        server.take(screen, 1, 5);
    }
    const auto rows = server.placed();
    CHECK_FALSE(rows[0].known); // the boot before stays bounded
    CHECK(rows[1].utc_ms == at("2026-11-22T10:00:05Z"));
    CHECK(rows[1].day == 20261122);
    CHECK(rows[1].hour == 11); // Paris
    CHECK(rows[2].utc_ms == at("2026-11-22T11:00:05Z"));
    CHECK(rows[3].utc_ms == at("2026-11-22T12:00:10Z"));
    CHECK(rows[3].error_ms == 41);
}

TEST_CASE("an anchor that no clock can tell places no row, and does not stop the upload") {
    Server server;
    JournalWriter screen;
    const std::int64_t utc_ms = GENERATE(as<std::int64_t>{}, ledger_limits::largest_number, 253'402'300'800'000, 1'033'000'000'000'000, 0);
    screen.add(AnchorRow{utc_ms == 0 ? 70'000 : 0, utc_ms, 20, "server"});
    for (std::int64_t boot_ms = 0; boot_ms < 50'000; boot_ms += 10'000)
        screen.show(boot_ms);
    for (std::size_t row = 1; row <= screen.rows().size(); ++row)
        server.take(screen, row, row);
    for (const Placed& placed : server.placed())
        CHECK_FALSE(placed.known);
    CHECK(server.column("SELECT 1 FROM ledger_sum").empty());
}

TEST_CASE("a better anchor places rows again, a worse one does not") {
    Server server;
    JournalWriter screen;
    screen.add(AnchorRow{0, at("2026-11-22T10:00:00Z"), 5'000, "stick"});
    screen.show(60'000);
    server.take(screen, 1, 2);
    CHECK(server.placed()[0].utc_ms == at("2026-11-22T10:01:00Z"));
    screen.add(AnchorRow{100'000, at("2026-11-22T10:01:42Z"), 20, "server"});
    server.take(screen, 3, 3);
    CHECK(server.placed()[0].utc_ms == at("2026-11-22T10:01:02Z"));
    CHECK(server.placed()[0].error_ms == 24);
    screen.add(AnchorRow{60'000, at("2026-11-22T13:00:00Z"), 9'000, "rtc"});
    server.take(screen, 4, 4);
    CHECK(server.placed()[0].utc_ms == at("2026-11-22T10:01:02Z"));
}

TEST_CASE("many anchors in one batch, each better than the one before, place each row once") {
    Server server;
    JournalWriter screen;
    const auto truth = [](std::int64_t boot_ms) { return at("2026-11-22T10:00:00Z") + boot_ms; };
    screen.add(AnchorRow{0, truth(0) + 4'000, 5'000, "stick"});
    for (int i = 0; i < 50; ++i)
        screen.show(i * 10'000);
    server.take(screen, 1, 51);
    for (int i = 0; i < 400; ++i) {
        screen.add(AnchorRow{600'000 + i, truth(600'000 + i) + 400 - i, 420 - i, "server"});
        if (i % 100 == 0)
            screen.show(i * 1'000);
    }
    REQUIRE(server.database()
                .execute("CREATE TEMP TABLE placed(seq); CREATE TEMP TRIGGER placing AFTER UPDATE ON ledger_showing BEGIN"
                         " INSERT INTO placed VALUES(new.seq); END")
                .ok());
    server.take(screen, 52, screen.rows().size());
    CHECK(server.column("SELECT seq FROM placed").size() == 54);
    CHECK(server.column("SELECT DISTINCT seq FROM placed").size() == 54);
    for (const Placed& row : server.placed())
        CHECK(row.error_ms < 100);
    CHECK(server.placed()[0].utc_ms == truth(0) + 1);
}

TEST_CASE("over a long boot each row stands by the anchor nearest to it, as the boot clock drifts") {
    Server server;
    JournalWriter screen;
    // The boot clock runs 50 millionths fast: a day of it is 86,395.68 s.
    const std::int64_t day = 86'400'000, start = at("2026-11-01T00:00:00Z");
    const auto truth = [&](std::int64_t boot_ms) { return start + boot_ms - boot_ms / 20'000; };
    for (int i = 0; i <= 20; ++i) {
        screen.show(i * day + day / 2);
        screen.add(AnchorRow{i * day, truth(i * day), 30, "server"});
    }
    const std::size_t last = screen.rows().size();
    if (GENERATE(false, true)) {
        server.take(screen, 1, last);
    } else {
        for (std::size_t i = 1; i <= last; ++i)
            server.take(screen, i, i);
    }
    const auto rows = server.placed();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::int64_t real = truth(static_cast<std::int64_t>(i) * day + day / 2);
        CHECK(std::abs(rows[i].utc_ms - real) <= rows[i].error_ms);
        CHECK(rows[i].error_ms <= 30 + day / 20'000 + 1);
    }
}

TEST_CASE("both nights of daylight saving are booked to the hours that people saw") {
    Server server;
    JournalWriter screen;
    // 2026-10-25: 03:00 summer time becomes 02:00; 2026-03-29: 02:00 becomes 03:00.
    screen.add(AnchorRow{0, at("2026-10-25T00:00:00Z"), 20, "server"});
    for (const std::int64_t minutes : {15, 75, 135, 1365, 1395})
        screen.show(minutes * 60'000);
    screen.reboot("boot-2");
    screen.add(AnchorRow{0, at("2026-03-29T00:00:00Z"), 20, "server"});
    for (const std::int64_t minutes : {45, 75, 1305, 1335})
        screen.show(minutes * 60'000);
    server.take(screen, 1, screen.rows().size());
    std::vector<std::pair<std::int64_t, std::int64_t>> hours;
    for (const Placed& row : server.placed())
        hours.emplace_back(row.day, row.hour);
    CHECK(hours == std::vector<std::pair<std::int64_t, std::int64_t>>{{20261025, 2},
                                                                     {20261025, 2}, // an hour later, the second 02:15
                                                                     {20261025, 3},
                                                                     {20261025, 23},
                                                                     {20261026, 0},
                                                                     {20260329, 1},
                                                                     {20260329, 3},
                                                                     {20260329, 23},
                                                                     {20260330, 0}});
    CHECK(day_span("", 20261025).second - day_span("", 20261025).first == std::chrono::hours(25));
    CHECK(day_span("", 20260329).second - day_span("", 20260329).first == std::chrono::hours(23));
}

TEST_CASE("the zone of the site decides the day") {
    Server server;
    JournalWriter screen;
    screen.add(AnchorRow{0, at("2026-11-22T21:00:00Z"), 20, "server"});
    screen.show(0, "mot-de-passe", "reunion");
    screen.show(10'000);
    server.take(screen, 1, 3);
    CHECK(server.placed()[0].day == 20261123);
    CHECK(server.placed()[0].hour == 1);
    CHECK(server.placed()[1].day == 20261122);
}

TEST_CASE("days are read strictly") {
    CHECK(parse_day("2026-11-22") == 20261122);
    CHECK(day_text(20261122) == "2026-11-22");
    for (const char* wrong : {"", "2026-11-2", "2026-11-31", "2026-13-01", "2026/11/22", "20261122", "2026-11-2a", "-026-11-22"})
        CHECK_FALSE(parse_day(wrong));
}
