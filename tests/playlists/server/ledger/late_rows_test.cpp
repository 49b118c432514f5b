#include "playlists/server/indicators/report.hpp"
#include "playlists/server/ledger/rebuild.hpp"
#include "playlists/server/ledger/retention.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/journal_writer.hpp"
#include "tests/fakes/ledger_database.hpp"

#include <algorithm>
#include <numeric>
#include <random>

using namespace capsule;
using namespace capsule::server;

namespace {

const Instant start = *parse_rfc3339("2026-11-22T08:00:00Z");
const SiteZones zones = [](const SiteId&) { return std::string{}; };

struct NoLabels final : Labels {
    std::string capsule_title(const std::string&) const override { return {}; }
    std::string site_name(const std::string&) const override { return {}; }
    std::string site_commune(const std::string&) const override { return {}; }
    std::string site_ept(const std::string&) const override { return {}; }
};

Report told(LedgerDatabase& server) {
    auto made = report(server.database(), {20260101, 20291231, ReportBy::day, false}, NoLabels{}, Instant{});
    REQUIRE(made.ok());
    return *std::move(made);
}

// A journal of an anchor and nine showings, of which the server has all but 4 to 6; those are declared lost by another journal.
struct Story {
    LedgerDatabase server;
    JournalWriter screen, next{std::string(32, 'b')};

    Story() {
        screen.add(AnchorRow{0, to_ms(start), 20, "server"});
        for (int i = 0; i < 9; ++i)
            screen.show(i * 10'000);
        REQUIRE(take(screen, 1, 3).acked == 3);
        next.add(AnchorRow{0, to_ms(start), 20, "server"});
        next.add(GapRow{3, 0, 0, "salvage", LostRows{screen.journal(), 4, 6}});
        REQUIRE(take(next, 1, 2).acked == 2);
        REQUIRE(take(screen, 7, 10).acked == 10);
        const Report before = told(server);
        REQUIRE(before.total.showings == 6);
        REQUIRE(before.missing_rows == 3);
    }
    BatchOutcome take(const JournalWriter& from, std::size_t first, std::size_t last, Instant at = start + std::chrono::hours(30)) {
        return server.take(from.device(), from.journal(), from.batch(first, last), at);
    }
    // Made anew from the rows, nothing changes.
    void check_rebuilt() {
        const auto figures = [&] {
            std::vector<std::string> out = server.column("SELECT journal_id||' '||seq||' '||showings FROM ledger_gap ORDER BY 1");
            for (const std::string& sum : server.column("SELECT grain||period||place||hex(cells) FROM ledger_sum ORDER BY 1"))
                out.push_back(sum);
            for (const std::string& boot : server.column("SELECT first_seq||' '||last_seq FROM ledger_boot ORDER BY journal_id, 1"))
                out.push_back(boot);
            return out;
        };
        const auto before = figures();
        const Report report_before = told(server);
        REQUIRE(rebuild_ledger(server.database(), zones).ok());
        CHECK(figures() == before);
        const Report after = told(server);
        CHECK(after.total == report_before.total);
        CHECK(after.missing_rows == report_before.missing_rows);
    }
};

} // namespace

TEST_CASE("rows that come after they were declared lost count, with a trace, and the loss is less by them") {
    Story story;
    SECTION("all at once, with what is known on both sides") {
        CHECK(story.take(story.screen, 2, 8).acked == 10);
    }
    SECTION("one after the other") {
        for (std::size_t row = 4; row <= 6; ++row)
            CHECK(story.take(story.screen, row, row).acked == 10);
    }
    const Report after = told(story.server);
    CHECK(after.total.showings == 9);
    CHECK(after.missing_rows == 0);
    CHECK(after.corrected_showings == 9); // the batches of the test all come the day after
    CHECK(after.forked_rows == 0);
    CHECK(story.server.column("SELECT seq FROM ledger_found ORDER BY seq") == std::vector<std::string>{"4", "5", "6"});
    CHECK(story.server.column("SELECT bytes FROM ledger_row WHERE journal_id=1 ORDER BY seq") == story.screen.rows());
    // Again, as often as they like.
    CHECK(story.take(story.screen, 1, 10).forks.empty());
    CHECK(told(story.server).total.showings == 9);
    story.check_rebuilt();
}

TEST_CASE("rows that were declared lost at the end of a journal and come after all are not told missing as well") {
    Story story;
    story.next.add(GapRow{2, 0, 0, "salvage", LostRows{story.screen.journal(), 11, 12}});
    REQUIRE(story.take(story.next, 3, 3).acked == 3);
    CHECK(told(story.server).missing_rows == 5);
    story.screen.show(200'000);
    CHECK(story.take(story.screen, 11, 11).acked == 11);
    CHECK(told(story.server).missing_rows == 4);
    CHECK(told(story.server).total.showings == 7);
    story.check_rebuilt();
}

TEST_CASE("what the server has already is not lost, whatever a screen declares that took stock of a damaged file") {
    Story story;
    story.next.add(GapRow{6, 0, 0, "salvage", LostRows{story.screen.journal(), 5, 10}});
    story.next.add(GapRow{4, 0, 0, "salvage", LostRows{story.screen.journal(), 9, 12}});
    REQUIRE(story.take(story.next, 3, 4).acked == 4);
    CHECK(told(story.server).missing_rows == 3 + 2); // 11 and 12
    CHECK(told(story.server).total.showings == 6);
    story.check_rebuilt();
}

TEST_CASE("late rows that the chain does not prove are kept apart") {
    Story story;
    JournalWriter other = story.screen;
    SECTION("another branch") {
        other.cut(3);
        other.show(500'000);
        other.show(510'000);
        other.show(520'000);
        CHECK(story.take(other, 4, 6).forks == std::vector<std::int64_t>{4, 5, 6});
    }
    SECTION("nothing before them") {
        CHECK(story.take(other, 5, 6).forks == std::vector<std::int64_t>{5, 6});
    }
    CHECK(told(story.server).total.showings == 6);
    CHECK(told(story.server).missing_rows == 3);
    CHECK(told(story.server).forked_rows >= 2);
    story.check_rebuilt();
}

TEST_CASE("late rows stay until their own time has come, and go with a record as all do") {
    Story story;
    const Instant late = start + std::chrono::hours(24 * 20);
    REQUIRE(story.take(story.screen, 4, 6, late).acked == 10);
    const auto drop = [&](Instant before) {
        const auto dropped = drop_rows(story.server.database(), before, before, "7 days");
        REQUIRE(dropped.ok());
        return *dropped;
    };
    CHECK(drop(start + std::chrono::hours(24 * 10)) == 3 + 2); // 1 to 3, and the other journal
    CHECK(story.server.column("SELECT seq FROM ledger_row ORDER BY seq") ==
          std::vector<std::string>{"4", "5", "6", "7", "8", "9", "10"});
    CHECK(told(story.server).total.showings == 9);
    story.check_rebuilt();
    CHECK(drop(late + std::chrono::hours(1)) == 7);
    CHECK(told(story.server).total.showings == 9);
    CHECK(told(story.server).missing_rows == 0);
    story.check_rebuilt();
}

TEST_CASE("whatever is lost, declared and found again in whatever order, the figures are those of the rows that are there") {
    std::mt19937 random(1);
    const auto number = [&](int from, int to) { return std::uniform_int_distribution<int>(from, to)(random); };
    for (int life = 0; life < 60; ++life) {
        INFO("life " << life);
        Story story;
        // Stretches of one journal, some of which go missing and are declared, in pieces or beyond what is missing.
        JournalWriter screen(std::string(32, 'c'));
        screen.add(AnchorRow{0, to_ms(start), 20, "server"});
        while (screen.rows().size() < 60)
            screen.show(static_cast<std::int64_t>(screen.rows().size()) * 10'000);
        std::vector<std::pair<std::size_t, std::size_t>> missing;
        std::size_t next = 1;
        while (next <= 60) {
            const std::size_t last = std::min<std::size_t>(60, next + static_cast<std::size_t>(number(0, 9)));
            if (number(1, 3) == 1 && last < 60) {
                missing.emplace_back(next, last);
                const std::size_t from = number(1, 3) == 1 && next > 3 ? next - 3 : next;
                story.next.add(GapRow{static_cast<std::int64_t>(last - from + 1), 0, 0, "salvage",
                                      LostRows{screen.journal(), static_cast<std::int64_t>(from), static_cast<std::int64_t>(last)}});
                story.take(story.next, story.next.rows().size(), story.next.rows().size());
            } else {
                REQUIRE(story.take(screen, next, last).acked == static_cast<std::int64_t>(last));
            }
            next = last + 1;
        }
        std::shuffle(missing.begin(), missing.end(), random);
        std::int64_t lost = std::accumulate(missing.begin(), missing.end(), std::int64_t{0}, [](std::int64_t sum, const auto& one) {
            return sum + static_cast<std::int64_t>(one.second - one.first + 1);
        });
        CHECK(told(story.server).missing_rows == 3 + lost);
        std::int64_t apart = 0;
        for (const auto& [first, last] : missing) {
            if (number(1, 4) == 1)
                continue;
            const std::size_t until = first + static_cast<std::size_t>(number(0, static_cast<int>(last - first)));
            const BatchOutcome outcome = story.take(screen, first, until);
            // Before the first row that is kept nothing can be proven.
            if (!outcome.forks.empty()) {
                apart += static_cast<std::int64_t>(outcome.forks.size());
                continue;
            }
            lost -= static_cast<std::int64_t>(until - first + 1);
        }
        const Report after = told(story.server);
        CHECK(after.missing_rows == 3 + lost);
        CHECK(after.forked_rows == apart);
        CHECK(after.received_rows ==
              static_cast<std::int64_t>(story.server.column("SELECT 1 FROM ledger_showing WHERE local_day IS NOT NULL").size()));
        story.check_rebuilt();
    }
}
