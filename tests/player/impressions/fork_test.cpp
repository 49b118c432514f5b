// A server that has other rows under the numbers of this disk: a copied card, a disk that forgot its last rows.
#include "tests/player/impressions/uploading_screen.hpp"

using namespace capsule;
using namespace capsule::uploading;

namespace {

Screen::Network to(LedgerDatabase& server) {
    return [&server](const std::string& journal, const std::string& ndjson) -> Result<client::RowsReply> {
        return reply_of(server.take(device, journal, ndjson));
    };
}

void show(Screen& screen, int from, int to, int offset = 0) {
    for (int i = from; i <= to; ++i)
        REQUIRE(screen.journal.append({showing(offset + i)}));
}

std::vector<std::string> told_lost(LedgerDatabase& server) { return server.column("SELECT showings FROM ledger_gap WHERE reason='fork'"); }
std::size_t kept_apart(LedgerDatabase& server) { return server.column("SELECT seq FROM ledger_fork").size(); }
// Of the showings in `from` … `to`, those that the server neither keeps nor keeps apart.
int absent(LedgerDatabase& server, int from, int to) {
    std::set<std::int64_t> there;
    for (const std::string& bytes : server.column("SELECT bytes FROM ledger_row UNION ALL SELECT bytes FROM ledger_fork"))
        if (const auto row = parse_row(bytes); const auto* shown = std::get_if<ShowingRow>(&row->body))
            there.insert(shown->boot_start_ms);
    int out = 0;
    for (int i = from; i <= to; ++i)
        out += there.contains(i) ? 0 : 1;
    return out;
}

} // namespace

TEST_CASE("a journal that the server knows otherwise ends, and a new one carries on") {
    LedgerDatabase server;
    // Another machine has the same key and card, and was first.
    Screen screen(1), twin(1);
    REQUIRE(twin.journal.current() == screen.journal.current());
    const int ahead = GENERATE(3, 5, 8, 14); // rows of the twin: less than the screen's, as many, more
    show(twin, 1, ahead);
    twin.drain(to(server));
    show(screen, 1, 5, 100);
    const std::string before = screen.journal.current();
    screen.drain(to(server));
    CHECK(screen.journal.current() != before);
    show(screen, 1, 1, 200);
    const std::size_t done = screen.done.size();
    screen.drain(to(server));
    CHECK(screen.done.size() < done + 10);
    CHECK(screen.journal.spans().size() == 1);
    CHECK(kept_apart(server) == 5);
    CHECK(told_lost(server).empty()); // the server has them all
    CHECK(absent(server, 101, 105) == 0);
    CHECK(absent(server, 201, 201) == 0);
    CHECK(screen.disk.list(screen.settings.set_aside)->size() == 1);
}

TEST_CASE("of a long journal that the server knows otherwise all that it can take is kept apart, and the rest is told lost, once") {
    LedgerDatabase server;
    Screen screen(1), twin(1);
    const int common = GENERATE(0, 5, 17);
    show(twin, 1, common + 20);
    show(screen, 1, common);
    show(screen, common + 1, 90, 1000);
    twin.drain(to(server));
    screen.drain(to(server));
    const int lost = absent(server, 1001 + common, 1090);
    CHECK(lost == static_cast<int>(90 - common - kept_apart(server)));
    CHECK(lost > 0);
    CHECK(kept_apart(server) >= 20);
    CHECK(told_lost(server) == std::vector<std::string>{std::to_string(lost)});
    CHECK(screen.journal.spans().size() == 1);
}

TEST_CASE("a long journal is compared from its first row on when only its last is known to differ") {
    LedgerDatabase server;
    Screen screen(1), twin(1);
    show(twin, 1, 60);
    show(screen, 1, 30);
    show(screen, 31, 50, 1000);
    twin.drain(to(server));
    screen.drain(to(server));
    CHECK(kept_apart(server) == 20);
    CHECK(absent(server, 1031, 1050) == 0);
    CHECK(told_lost(server).empty());
}

TEST_CASE("rows that a disk writes anew under numbers which it forgot are not taken for sent") {
    LedgerDatabase server;
    Screen screen(1), before(1);
    show(before, 1, 10);
    before.drain(to(server));
    show(screen, 1, 7); // the disk as it was three rows ago
    screen.drain(to(server));
    show(screen, 8, 9, 1000);
    screen.now += std::chrono::minutes(1);
    screen.drain(to(server));
    show(screen, 10, 30, 1000);
    screen.now += std::chrono::minutes(1);
    screen.drain(to(server));
    CHECK(absent(server, 1008, 1030) == 0);
    CHECK(kept_apart(server) == 2);
    CHECK(told_lost(server).empty());
}

TEST_CASE("a file is not freed before the server was seen to have the same rows") {
    LedgerDatabase server;
    Screen screen(1), twin(1);
    show(twin, 1, 50);
    twin.drain(to(server));
    show(screen, 1, 100, 1000); // two segments and a half; the server's first answer is a hole behind its fifty
    screen.drain(to(server));
    CHECK(absent(server, 1001, 1050) == 0);
    CHECK(told_lost(server) == std::vector<std::string>{std::to_string(absent(server, 1051, 1100))});
    CHECK(screen.disk.list(screen.settings.set_aside)->size() == 3);
}
