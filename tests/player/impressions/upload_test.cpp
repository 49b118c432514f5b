// The uploader in front of the server's real ledger, over a network that loses, repeats and delays.
#include "tests/player/impressions/uploading_screen.hpp"

using namespace capsule;
using namespace capsule::uploading;
using namespace std::chrono_literals;

TEST_CASE("whatever the network loses, repeats or delays, the server ends with the rows of the screen, byte for byte") {
    LedgerDatabase server;
    Screen screen(GENERATE(1, 2, 3, 4));
    SeededRandom chance(99);
    std::vector<std::string> written;
    std::vector<std::pair<std::string, std::string>> late; // batches that arrive some time later
    const auto lossy = [&](const std::string& journal, const std::string& ndjson) -> Result<client::RowsReply> {
        const Error lost{Category::timeout, "no answer"};
        switch (chance.number() % 8) {
        case 0: // the request is lost
            return lost;
        case 1: // its answer is
            (void)server.take(device, journal, ndjson);
            return lost;
        case 2: // it arrives twice
            (void)server.take(device, journal, ndjson);
            break;
        case 3: // it arrives much later, and again now
            late.emplace_back(journal, ndjson);
            break;
        case 4: // an old one arrives before it
            if (!late.empty()) {
                (void)server.take(device, late.front().first, late.front().second);
                late.erase(late.begin());
            }
            break;
        default:
            break;
        }
        return reply_of(server.take(device, journal, ndjson));
    };
    for (int i = 1; i <= 300; ++i) {
        const RowBody body = showing(i);
        const RowHeader header{device, screen.journal.current(), i, written.empty() ? Digest{} : row_digest(written.back()), "boot-1"};
        REQUIRE(screen.journal.append({body}));
        written.push_back(serialise({header, body}));
        if (chance.number() % 3 == 0)
            screen.look(lossy);
        if (chance.number() % 40 == 0)
            screen.now += 10min;
        screen.now += 3s;
    }
    for (int i = 0; i < 200; ++i, screen.now += 1min)
        screen.look(lossy);
    for (const auto& [journal, ndjson] : late)
        (void)server.take(device, journal, ndjson);
    CHECK(server.kept() == written);
    CHECK(server.column("SELECT seq FROM ledger_showing").size() == 300);
    CHECK(server.column("SELECT seq FROM ledger_fork").empty());
    CHECK(screen.journal.spans()[0].first_seq > 200); // and what the server has is freed
}

TEST_CASE("after a restart the uploader asks with one row where the server stands, and sends only what is missing") {
    LedgerDatabase server;
    Screen screen(1);
    for (int i = 0; i < 35; ++i)
        REQUIRE(screen.journal.append({showing(i)}));
    std::size_t rows = 0;
    const auto network = [&](const std::string& journal, const std::string& ndjson) -> Result<client::RowsReply> {
        rows += static_cast<std::size_t>(std::count(ndjson.begin(), ndjson.end(), '\n'));
        return reply_of(server.take(device, journal, ndjson));
    };
    screen.drain(network);
    CHECK(server.kept().size() == 35);
    CHECK(rows == 36);
    REQUIRE(screen.journal.append({showing(35), showing(36)}));
    screen.restart();
    rows = 0;
    screen.drain(network);
    CHECK(server.kept().size() == 37);
    CHECK(rows == 3);
}

TEST_CASE("while the server does not answer, pauses grow to five minutes, each with some chance in it") {
    SeededRandom random(3);
    Uploader uploader({}, random);
    const UploadLook look{{{std::string(32, 'a'), 1, 7, true}}, {}};
    const Error dead{Category::timeout, "no answer"};
    std::vector<Nanoseconds> pauses;
    Nanoseconds now{0};
    for (int i = 0; i < 14; ++i) {
        REQUIRE(std::holds_alternative<SendState>(uploader.step(look, now).at(0)));
        CHECK(uploader.step(StateAnswered{dead}, now).empty());
        CHECK(uploader.failing());
        CHECK(uploader.step(look, uploader.next_deadline() - 1ns).empty());
        pauses.push_back(uploader.next_deadline() - now);
        now = uploader.next_deadline();
    }
    CHECK(pauses[0] >= 500ms);
    CHECK(pauses[0] <= 1s);
    CHECK(pauses[3] >= 4s);
    CHECK(pauses.back() >= 150s);
    CHECK(pauses.back() <= 300s);
    CHECK(pauses[12] != pauses[13]);
    // Then it answers: the rows go at once.
    REQUIRE(std::holds_alternative<SendState>(uploader.step(look, now).at(0)));
    CHECK(uploader.step(StateAnswered{StateReply{}}, now).empty());
    CHECK(std::holds_alternative<SendRows>(uploader.step(look, now).at(0)));
}

TEST_CASE("the state goes first, then once a minute, and soon after a change") {
    SeededRandom random(1);
    Uploader uploader({}, random);
    const std::vector<JournalSpan> spans = {{std::string(32, 'a'), 1, 7, true}};
    DeviceState state;
    const auto first = uploader.step(UploadLook{spans, state}, 1s);
    REQUIRE(std::holds_alternative<SendState>(first.at(0)));
    CHECK(std::get<SendState>(first[0]).state.backlog == 7);
    CHECK(uploader.step(StateAnswered{StateReply{}}, 1s).empty());
    CHECK(std::holds_alternative<SendRows>(uploader.step(UploadLook{spans, state}, 1s).at(0)));
    uploader.step(RowsAnswered{spans[0].journal, 1, 7, client::RowsReply{client::RowsReply::Answer::taken, 7, 0, 0, ""}}, 1s);
    CHECK(uploader.step(UploadLook{spans, state}, 2s).empty());
    CHECK(uploader.next_deadline() == 61s);
    state.programme = 42;
    CHECK(uploader.step(UploadLook{spans, state}, 4s).empty());
    CHECK(std::holds_alternative<SendState>(uploader.step(UploadLook{spans, state}, 7s).at(0)));
    uploader.step(StateAnswered{StateReply{}}, 7s);
    CHECK(std::holds_alternative<SendState>(uploader.step(UploadLook{spans, state}, 67s).at(0)));
}

TEST_CASE("rows that the server refuses for good stop the upload no longer than three tries") {
    LedgerDatabase server;
    Screen screen(1);
    const std::string before = screen.journal.current();
    int refused = 0;
    const auto network = [&](const std::string& journal, const std::string& ndjson) -> Result<client::RowsReply> {
        if (journal == before) {
            ++refused;
            return client::RowsReply{client::RowsReply::Answer::refused, 0, 0, 0, "a row of the future"};
        }
        return reply_of(server.take(device, journal, ndjson));
    };
    for (int i = 0; i < 5; ++i)
        REQUIRE(screen.journal.append({showing(i)}));
    screen.drain(network);
    CHECK(refused == 3);
    CHECK(server.column("SELECT reason FROM ledger_gap") == std::vector<std::string>{"refused: a row of the future"});
    CHECK(server.column("SELECT showings FROM ledger_gap") == std::vector<std::string>{"5"});
}

TEST_CASE("a server that was restored from an older backup gets again what it lost") {
    LedgerDatabase server, restored;
    Screen screen(1);
    const auto network = [](LedgerDatabase& to) {
        return [&to](const std::string& journal, const std::string& ndjson) -> Result<client::RowsReply> {
            return reply_of(to.take(device, journal, ndjson));
        };
    };
    for (int i = 0; i < 10; ++i)
        REQUIRE(screen.journal.append({showing(i)}));
    screen.drain(network(server));
    REQUIRE(screen.journal.append({showing(10)}));
    screen.drain(network(restored));
    CHECK(restored.kept().size() == 11);
}

TEST_CASE("months of backlog do not hold up the rows of today") {
    LedgerDatabase server;
    Screen screen(1);
    for (int i = 0; i < 600; ++i)
        REQUIRE(screen.journal.append({showing(i)}));
    const std::string before = screen.journal.current();
    REQUIRE(screen.journal.damaged(before, 600)); // what is written goes to a new journal from now on
    REQUIRE(screen.journal.salvage());
    int batches = 0, heard_of_today = 0;
    const auto network = [&](const std::string& journal, const std::string& ndjson) -> Result<client::RowsReply> {
        ++batches;
        auto outcome = server.take(device, journal, ndjson);
        if (heard_of_today == 0 && server.column("SELECT seq FROM ledger_showing WHERE boot_start_ms=9999").size() == 1)
            heard_of_today = batches;
        return reply_of(outcome);
    };
    for (int i = 0; i < 5; ++i, screen.now += 1ms)
        screen.look(network);
    const int backlog_at = batches;
    REQUIRE(screen.journal.append({showing(9999)}));
    screen.now += 6s;
    screen.drain(network);
    CHECK(server.column("SELECT seq FROM ledger_showing").size() == 601);
    CHECK(heard_of_today > 0);
    CHECK(heard_of_today <= backlog_at + 3);
    CHECK(batches > heard_of_today + 20);
}

TEST_CASE("a device that is refused as such asks again only now and then") {
    SeededRandom random(3);
    Uploader uploader({}, random);
    const UploadLook look{{{std::string(32, 'a'), 1, 7, true}}, {}};
    const Error revoked{Category::refused, "sending rows: this device is revoked (403)"};
    REQUIRE(std::holds_alternative<SendState>(uploader.step(look, 0s).at(0)));
    CHECK(uploader.step(StateAnswered{revoked}, 0s).empty());
    CHECK(uploader.next_deadline() >= 150s);
    CHECK(uploader.next_deadline() <= 300s);
}

TEST_CASE("what the server has lost and the screen no longer has is declared, and the rest goes on") {
    LedgerDatabase server, restored;
    Screen screen(1);
    const auto network = [](LedgerDatabase& to) {
        return [&to](const std::string& journal, const std::string& ndjson) -> Result<client::RowsReply> {
            return reply_of(to.take(device, journal, ndjson));
        };
    };
    for (int i = 0; i < 100; ++i)
        REQUIRE(screen.journal.append({showing(i)}));
    screen.drain(network(server));
    REQUIRE(screen.journal.spans()[0].first_seq == 81); // what the server acknowledged has been freed
    REQUIRE(screen.journal.append({showing(100)}));
    screen.drain(network(restored));
    CHECK(restored.column("SELECT seq FROM ledger_showing").size() == 21);
    CHECK(restored.column("SELECT SUM(showings) FROM ledger_gap") == std::vector<std::string>{"80"});
    CHECK(restored.column("SELECT first_seq FROM ledger_lost") == std::vector<std::string>{"1"});
    CHECK(screen.journal.spans().back().last_seq >= 1);
}

TEST_CASE("a server that does not know declarations does not stop the upload") {
    Screen screen(1);
    for (int i = 0; i < 100; ++i)
        REQUIRE(screen.journal.append({showing(i)}));
    const std::string before = screen.journal.current();
    REQUIRE(screen.journal.acknowledged(before, 80));
    std::map<std::string, std::int64_t> acked;
    const auto old_server = [&](const std::string& journal, const std::string& ndjson) -> Result<client::RowsReply> {
        const std::int64_t first = parse_row(ndjson.substr(0, ndjson.find('\n')))->header.seq;
        if (first > acked[journal] + 1)
            return client::RowsReply{client::RowsReply::Answer::hole, acked[journal], 0, 0, "hole"};
        acked[journal] = first + std::count(ndjson.begin(), ndjson.end(), '\n') - 1;
        return client::RowsReply{client::RowsReply::Answer::taken, acked[journal], 0, 0, ""};
    };
    screen.drain(old_server);
    CHECK(acked[before] == 0);
    const auto spans = screen.journal.spans();
    REQUIRE(spans.size() == 1);
    CHECK(acked[spans[0].journal] == spans[0].last_seq);
}
