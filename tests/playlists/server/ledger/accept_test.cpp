#include "tests/catch.hpp"
#include "tests/fakes/journal_writer.hpp"
#include "tests/fakes/ledger_database.hpp"

using namespace capsule;
using namespace capsule::server;

namespace {

using Problem = BatchOutcome::Problem;

struct Server : LedgerDatabase {
    BatchOutcome take(const JournalWriter& from, const std::string& ndjson) {
        return LedgerDatabase::take(from.device(), from.journal(), ndjson);
    }
};

} // namespace

TEST_CASE("rows are kept byte for byte with the signature of their batch") {
    Server server;
    JournalWriter screen;
    for (int i = 0; i < 5; ++i)
        screen.show(i * 10'000);
    CHECK(server.take(screen, screen.batch(1, 3)).acked == 3);
    CHECK(server.take(screen, screen.batch(4, 5)).acked == 5);
    CHECK(server.kept() == screen.rows());
    CHECK(server.column("SELECT signature FROM ledger_batch") == std::vector<std::string>{"signature", "signature"});
    CHECK(server.column("SELECT seq FROM ledger_showing").size() == 5);
}

TEST_CASE("rows that come again, whole or overlapping, change nothing and count once") {
    Server server;
    JournalWriter screen;
    for (int i = 0; i < 6; ++i)
        screen.show(i * 10'000);
    REQUIRE(server.take(screen, screen.batch(1, 4)).acked == 4);
    CHECK(server.take(screen, screen.batch(1, 4)).acked == 4);
    CHECK(server.take(screen, screen.batch(2, 3)).acked == 4);
    const BatchOutcome overlapping = server.take(screen, screen.batch(3, 6));
    CHECK(overlapping.acked == 6);
    CHECK(overlapping.forks.empty());
    CHECK(server.kept() == screen.rows());
    CHECK(server.column("SELECT seq FROM ledger_showing").size() == 6);
    CHECK(server.column("SELECT id FROM ledger_batch").size() == 2);
}

TEST_CASE("a hole is refused with the number to continue from, and is known to be missing") {
    Server server;
    JournalWriter screen;
    for (int i = 0; i < 6; ++i)
        screen.show(i * 10'000);
    REQUIRE(server.take(screen, screen.batch(1, 2)).acked == 2);
    const BatchOutcome outcome = server.take(screen, screen.batch(5, 6));
    CHECK(outcome.problem == Problem::hole);
    CHECK(outcome.acked == 2);
    CHECK(server.kept().size() == 2);
    CHECK(server.column("SELECT highest_seen FROM ledger_journal") == std::vector<std::string>{"6"});
    CHECK(server.take(screen, screen.batch(3, 6)).acked == 6);
}

TEST_CASE("a journal goes on behind rows that its device declares lost, and behind no others") {
    Server server;
    JournalWriter screen, next(std::string(32, 'b')), stranger(std::string(32, 'c'), "0123456789abcdef");
    for (int i = 0; i < 9; ++i)
        screen.show(i * 10'000);
    REQUIRE(server.take(screen, screen.batch(1, 2)).acked == 2);
    stranger.add(GapRow{3, 0, 0, "salvage", LostRows{screen.journal(), 3, 5}});
    REQUIRE(server.take(stranger, stranger.batch()).acked == 1);
    CHECK(server.take(screen, screen.batch(6, 9)).problem == Problem::hole);
    next.add(GapRow{2, 0, 0, "salvage", LostRows{screen.journal(), 3, 4}});
    REQUIRE(server.take(next, next.batch()).acked == 1);
    CHECK(server.take(screen, screen.batch(6, 9)).problem == Problem::hole);
    next.add(GapRow{1, 0, 0, "salvage", LostRows{screen.journal(), 5, 5}});
    next.add(GapRow{3, 0, 0, "salvage", LostRows{screen.journal(), 3, 5}}); // again, as after a kill
    REQUIRE(server.take(next, next.batch()).acked == 3);
    CHECK(server.take(screen, screen.batch(6, 7)).acked == 7);
    CHECK(server.take(screen, screen.batch(6, 9)).acked == 9);
    CHECK(server.column("SELECT bytes FROM ledger_row WHERE journal_id=1 ORDER BY seq").size() == 6);
    CHECK(server.column("SELECT sum(showings) FROM ledger_gap WHERE journal_id<>2") == std::vector<std::string>{"3"});
    CHECK(server.column("SELECT seq FROM ledger_fork").empty());
}

TEST_CASE("rows that are declared lost in two stretches which overlap are counted once") {
    Server server;
    JournalWriter next(std::string(32, 'b'));
    const std::string lost(32, 'a');
    next.add(GapRow{3, 0, 0, "salvage", LostRows{lost, 3, 5}});
    next.add(GapRow{6, 0, 0, "unreadable or lost on both sides", LostRows{lost, 3, 8}});
    next.add(GapRow{6, 0, 0, "unreadable or lost on both sides", LostRows{lost, 1, 6}});
    REQUIRE(server.take(next, next.batch()).acked == 3);
    CHECK(server.column("SELECT showings FROM ledger_gap ORDER BY seq") == std::vector<std::string>{"3", "3", "2"});
}

TEST_CASE("other rows under the same numbers are kept apart with all that hangs on them") {
    Server server;
    JournalWriter screen;
    for (int i = 0; i < 4; ++i)
        screen.show(i * 10'000);
    REQUIRE(server.take(screen, screen.batch()).acked == 4);
    const auto honest = screen.rows();
    screen.cut(2);
    screen.show(77'000);
    screen.show(88'000);
    screen.show(99'000);
    const BatchOutcome outcome = server.take(screen, screen.batch(1, 5));
    CHECK(outcome.problem == Problem::none);
    CHECK(outcome.acked == 4);
    CHECK(outcome.forks == std::vector<std::int64_t>{3, 4, 5});
    CHECK(server.kept() == honest);
    CHECK(server.column("SELECT bytes FROM ledger_fork ORDER BY seq") ==
          std::vector<std::string>(screen.rows().begin() + 2, screen.rows().end()));
    CHECK(server.column("SELECT seq FROM ledger_showing").size() == 4);
    // Again, as often as it likes: kept once, and its evidence too.
    for (int i = 0; i < 5; ++i)
        CHECK(server.take(screen, screen.batch(3, 5)).forks.size() == 3);
    CHECK(server.column("SELECT seq FROM ledger_fork").size() == 3);
    CHECK(server.column("SELECT id FROM ledger_batch").size() == 2);
    screen.show(111'000);
    CHECK(server.take(screen, screen.batch(3, 6)).forks.size() == 4);
    CHECK(server.column("SELECT batch_id FROM ledger_fork ORDER BY seq") == std::vector<std::string>{"2", "2", "2", "3"});
}

TEST_CASE("a batch with one bad row leaves nothing behind") {
    Server server;
    JournalWriter screen;
    for (int i = 0; i < 4; ++i)
        screen.show(i * 10'000);
    REQUIRE(server.take(screen, screen.batch(1, 1)).acked == 1);
    std::string batch = screen.batch(2, 4);
    std::int64_t seq = 4;
    SECTION("an altered row") {
        const std::size_t at = batch.find("\"frames_shown\":250");
        batch.replace(at, 18, "\"frames_shown\":251");
        seq = 3; // row 3 does not bear the digest of the altered row 2
    }
    SECTION("an unreadable row") { batch.replace(batch.rfind("\"seq\":4"), 7, "\"seq\":x"); }
    SECTION("a row of another device") {
        JournalWriter other(screen.journal(), "ffffffffffffffff");
        other.show(1);
        batch = screen.batch(2, 2) + other.rows()[0];
        seq = 1;
    }
    SECTION("a chain that does not continue the kept one") {
        JournalWriter other;
        other.show(5);
        other.show(6);
        batch = other.batch(2, 2);
        seq = 2;
    }
    SECTION("no row at all") {
        batch = "";
        seq = 0;
    }
    const BatchOutcome outcome = server.take(screen, batch);
    CHECK(outcome.problem == Problem::invalid);
    CHECK(outcome.seq == seq);
    CHECK(outcome.acked == 1);
    CHECK_FALSE(outcome.reason.empty());
    CHECK(server.kept().size() == 1);
    CHECK(server.column("SELECT seq FROM ledger_fork").empty());
}

TEST_CASE("a revised last row alone is a fork, since nothing after it could show it") {
    Server server;
    JournalWriter screen;
    screen.show(0);
    screen.show(10'000);
    REQUIRE(server.take(screen, screen.batch()).acked == 2);
    screen.cut(1);
    screen.show(11'000);
    CHECK(server.take(screen, screen.batch(2, 2)).forks == std::vector<std::int64_t>{2});
}

TEST_CASE("journals and devices do not get into each other's way") {
    Server server;
    JournalWriter one(std::string(32, '1')), two(std::string(32, '2')), other(std::string(32, '1'), "0123456789abcdef");
    for (JournalWriter* writer : {&one, &two, &other}) {
        writer->show(0);
        CHECK(server.take(*writer, writer->batch()).acked == 1);
    }
    CHECK(server.kept().size() == 3);
}
