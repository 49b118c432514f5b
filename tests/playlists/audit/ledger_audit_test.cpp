#include "playlists/audit/ledger_audit.hpp"
#include "playlists/server/ledger/retention.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/journal_writer.hpp"
#include "tests/fakes/running_server.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

using namespace capsule;
using namespace capsule::audit;

namespace {

const std::string journal_name(32, 'a');

struct Ledger {
    RunningServer running;
    SecretKey key = SecretKey::generate();
    std::string id = key.public_key().device_id();
    JournalWriter screen{journal_name, id};
    std::uint64_t counter = 0;

    Ledger() {
        HttpClient& client = *running.client;
        REQUIRE(client.put("/api/v1/sites/fs-antony", R"({"name":"Antony","commune":"92002","ept":"VSGP"})").status == 201);
        REQUIRE(client.put("/api/v1/screens/fs-antony-hall", R"({"site":"fs-antony","name":"Hall"})").status == 201);
        REQUIRE(
            client.put("/api/v1/devices/" + id, R"({"public_key":")" + key.public_key().hex() + R"(","screen":"fs-antony-hall"})")
                .status == 201);
        for (int i = 0; i < 12; ++i)
            screen.show(i * 10'000);
    }
    HttpReply send(const std::string& body, std::uint64_t with_counter, const std::string& journal = journal_name) {
        const std::string path = "/api/v1/ledger/" + journal;
        return HttpClient(running.url()).post(path, body, device_headers(key, "POST", path, body, with_counter));
    }
    void send(std::size_t from, std::size_t to) { REQUIRE(send(screen.batch(from, to), ++counter).status == 200); }

    // The export, line by line, as the command line puts it together.
    std::vector<std::string> lines(const std::string& days = "") {
        const auto ledger = nlohmann::json::parse(running.client->get("/api/v1/ledger").body);
        std::vector<std::string> out = {days.empty() ? R"({"export":"ledger","format":1})"
                                                     : R"({"export":"ledger","format":1,"from":"x"})"};
        for (auto journal : ledger["journals"]) {
            journal["export"] = "journal";
            out.push_back(journal.dump());
            std::istringstream page(
                running.client->get("/api/v1/ledger/" + journal["device"].get<std::string>() + "/" +
                                         journal["journal"].get<std::string>() + "?" + days)
                    .body);
            for (std::string line; std::getline(page, line);)
                out.push_back(line);
        }
        out.push_back(nlohmann::json{{"export", "refusals"}, {"refusals", ledger["refusals"]}}.dump());
        out.push_back(nlohmann::json{{"export", "end"}, {"journals", ledger["journals"].size()}}.dump());
        return out;
    }
};

AuditResult audited(const std::vector<std::string>& lines) {
    LedgerAudit audit;
    for (const std::string& line : lines)
        audit.line(line);
    return audit.finish();
}

} // namespace

TEST_CASE("what screens sent holds, also where batches overlapped, came without a last line feed or forked") {
    Ledger ledger;
    ledger.send(1, 5);
    ledger.send(4, 8); // some of it again
    std::string body = ledger.screen.batch(9, 10);
    body.pop_back();
    REQUIRE(ledger.send(body, ++ledger.counter).status == 200);
    JournalWriter other = ledger.screen;
    other.cut(9);
    other.show(777'000);
    other.show(888'000);
    REQUIRE(ledger.send(other.batch(8, 11), ++ledger.counter).status == 200);
    ledger.send(11, 12);
    const AuditResult result = audited(ledger.lines());
    CHECK(result.holds);
    CHECK(result.complete);
    REQUIRE(result.journals.size() == 1);
    CHECK(result.journals[0].rows == 12);
    CHECK(result.journals[0].signed_batches == 5);
    CHECK(result.journals[0].batches == 5);
    CHECK(result.journals[0].forks == 2);
    CHECK(audit_text(result).find("Rien n’est faux") != std::string::npos);
    CHECK(nlohmann::json::parse(audit_json(result))["holds"] == true);
}

TEST_CASE("a copied card that sends its first rows again, long after them, is no reason for the ledger not to hold") {
    Ledger ledger;
    JournalWriter copy = ledger.screen;
    copy.cut(10);
    copy.show(777'000);
    for (int i = 12; i < 1'600; ++i)
        ledger.screen.show(i * 10'000);
    for (std::size_t first = 1; first <= 1'600; first += 400)
        ledger.send(first, first + 399);
    REQUIRE(ledger.send(copy.batch(1, 11), ++ledger.counter).status == 200);
    const std::vector<std::string> honest = ledger.lines();
    const AuditResult result = audited(honest);
    CHECK(result.holds);
    REQUIRE(result.journals.size() == 1);
    CHECK(result.journals[0].forks == 1);
    CHECK(result.journals[0].rows == 1'600);
    CHECK(result.journals[0].signed_batches == 4);
    // That excuse is for rows that are in no figure: a batch that brings some must bear its signature.
    std::vector<std::string> forged = honest;
    const auto last = std::find_if(forged.begin(), forged.end(), [](const std::string& line) {
        return line.find("\"export\":\"batch\"") != std::string::npos && line.find("\"first_seq\":1201,") != std::string::npos;
    });
    REQUIRE(last != forged.end());
    auto batch = nlohmann::json::parse(*last);
    batch["first_seq"] = 1'200;
    *last = batch.dump();
    CHECK_FALSE(audited(forged).holds);
    batch["first_seq"] = 1;
    *last = batch.dump();
    CHECK_FALSE(audited(forged).holds);
}

TEST_CASE("whatever is altered, left out, doubled or put elsewhere in an export, it does not hold") {
    Ledger ledger;
    for (std::size_t i = 1; i <= 12; i += 3)
        ledger.send(i, i + 2);
    const std::vector<std::string> honest = ledger.lines();
    REQUIRE(audited(honest).holds);
    for (std::size_t i = 0; i < honest.size(); ++i) {
        INFO(i << ": " << honest[i]);
        if (honest[i].find("\"refusals\"") != std::string::npos)
            continue; // the server's own word
        std::vector<std::string> lines = honest;
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
        CHECK_FALSE(audited(lines).holds);
        if (honest[i].find("\"kind\"") == std::string::npos)
            continue;
        lines = honest;
        const std::size_t shown = lines[i].find("\"shown_ms\":10000");
        REQUIRE(shown != std::string::npos);
        lines[i][shown + 11] = '2';
        CHECK_FALSE(audited(lines).holds);
        lines = honest;
        lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(i), honest[i]);
        CHECK_FALSE(audited(lines).holds);
        lines = honest;
        std::swap(lines[i], lines[i + 1]);
        CHECK_FALSE(audited(lines).holds);
    }
    // Another key for the same device, and a signature of another batch.
    std::vector<std::string> lines = honest;
    const std::string hex = ledger.key.public_key().hex(), stranger = SecretKey::generate().public_key().hex();
    lines[1].replace(lines[1].find(hex), hex.size(), stranger);
    CHECK_FALSE(audited(lines).holds);
    lines = honest;
    const auto batch = std::find_if(lines.begin(), lines.end(),
                                    [](const std::string& line) { return line.find("\"batch\"") != std::string::npos; });
    auto one = nlohmann::json::parse(*batch), next = nlohmann::json::parse(*(batch + 4));
    one["signature"] = next["signature"];
    *batch = one.dump();
    CHECK_FALSE(audited(lines).holds);
}

TEST_CASE("rows that somebody writes into the server's database himself do not hold") {
    Ledger ledger;
    ledger.send(1, 6);
    auto database = sqlite::Database::open(ledger.running.settings.data / "server.db");
    // Chained rightly, but never signed by the device.
    auto insert = database->prepare(
        "INSERT INTO ledger_row(journal_id,seq,digest,bytes,batch_id,received_month) VALUES(1,7,?1,?2,1,202611)");
    const std::string bytes = ledger.screen.rows()[6];
    insert->bind(1, row_digest(bytes).hex());
    insert->bind_blob(2, bytes);
    REQUIRE(insert->run().ok());
    REQUIRE(database
                ->execute("UPDATE ledger_batch SET last_seq=7; UPDATE ledger_journal SET acked=7, last_digest='" +
                          row_digest(bytes).hex() + "'")
                .ok());
    const AuditResult result = audited(ledger.lines());
    CHECK_FALSE(result.holds);
    CHECK(result.findings[0].text.find("signature") != std::string::npos);
}

TEST_CASE("what is missing is told, and is no reason for the ledger not to hold") {
    Ledger ledger;
    ledger.screen.add(GapRow{7, 0, 0, "disk-full"});
    ledger.screen.show(999'000);
    ledger.screen.show(1'000'000);
    ledger.send(1, 13);
    CHECK(ledger.send(ledger.screen.batch(15, 15), ++ledger.counter).status == 409);
    const AuditResult result = audited(ledger.lines());
    CHECK(result.holds);
    CHECK_FALSE(result.complete);
    CHECK(result.journals[0].missing == 2);
    CHECK(result.journals[0].lost_showings == 7);
}

TEST_CASE("what a later journal declares lost is told as lost, whether the journal goes on behind it or not") {
    Ledger ledger;
    JournalWriter next(std::string(32, 'b'), ledger.id);
    const auto declare = [&](std::int64_t first, std::int64_t last) {
        next.add(GapRow{last - first + 1, 0, 0, "salvage", LostRows{journal_name, first, last}});
        const std::size_t count = next.rows().size();
        REQUIRE(ledger.send(next.batch(count, count), ++ledger.counter, next.journal()).status == 200);
    };
    ledger.send(1, 5);
    CHECK(ledger.send(ledger.screen.batch(10, 10), ++ledger.counter).status == 409);
    const auto told = [&](const char* what) {
        const AuditResult result = audited(ledger.lines());
        CHECK(result.holds);
        CHECK_FALSE(result.complete);
        REQUIRE(result.journals.size() == (next.rows().empty() ? 1 : 2));
        const std::string text = audit_text(result);
        INFO(text);
        CHECK(text.find(what) != std::string::npos);
        CHECK((text.find("Pas encore reçues") != std::string::npos) == (result.journals[0].missing > 0));
        return result.journals[0].missing;
    };
    CHECK(told("lignes 6 à 10 annoncées par l’écran, pas encore reçues") == 5);
    declare(6, 7);
    declare(7, 8); // some of it again
    CHECK(told("lignes 6 à 10 annoncées par l’écran, 2 pas encore reçues, les autres déclarées perdues") == 2);
    declare(9, 10);
    CHECK(told("lignes 6 à 10 annoncées par l’écran, qui les déclare perdues") == 0);
    ledger.send(11, 12);
    CHECK(told("lignes 6 à 10 perdues sur l’écran, qui le déclare") == 0);
    // Without the declaration that is a hole.
    std::vector<std::string> lines = ledger.lines();
    const auto second = std::find_if(lines.begin() + 1, lines.end(), [](const std::string& line) {
        return line.find("\"export\":\"journal\"") != std::string::npos && line.find(std::string(32, 'b')) != std::string::npos;
    });
    REQUIRE(second != lines.end());
    const auto end = std::find_if(second, lines.end(), [](const std::string& line) { return line.find("end-of-journal") != std::string::npos; });
    lines.erase(second, end + 1);
    lines.back() = R"({"export":"end","journals":1})";
    const AuditResult alone = audited(lines);
    CHECK_FALSE(alone.holds);
    CHECK_FALSE(alone.journals[0].holds);
}

TEST_CASE("rows that came after they were declared lost hold where they fit into the chain, and are missing no longer") {
    Ledger ledger;
    JournalWriter next(std::string(32, 'b'), ledger.id);
    ledger.send(1, 5);
    next.add(GapRow{3, 0, 0, "salvage", LostRows{journal_name, 6, 8}});
    REQUIRE(ledger.send(next.batch(), ++ledger.counter, next.journal()).status == 200);
    ledger.send(9, 12);
    CHECK_FALSE(audited(ledger.lines()).complete);
    ledger.send(4, 7); // with some that are known
    const AuditResult some = audited(ledger.lines());
    CHECK(some.holds);
    CHECK_FALSE(some.complete);
    CHECK(some.journals[1].lost_showings == 1);
    ledger.send(8, 8);
    const std::vector<std::string> honest = ledger.lines();
    const AuditResult result = audited(honest);
    INFO(audit_text(result));
    CHECK(result.holds);
    CHECK(result.complete);
    CHECK(result.journals[0].rows == 12);
    CHECK(result.journals[0].signed_batches == 4);
    CHECK(result.journals[1].lost_showings == 0);
    CHECK(audit_text(result).find("lignes 6 à 8 déclarées perdues par l’écran et arrivées après coup") != std::string::npos);
    for (std::size_t i = 0; i < honest.size(); ++i) {
        INFO(i << ": " << honest[i]);
        if (honest[i].find("\"kind\"") == std::string::npos)
            continue;
        std::vector<std::string> lines = honest;
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
        CHECK_FALSE(audited(lines).holds);
        lines = honest;
        lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(i), honest[i]);
        CHECK_FALSE(audited(lines).holds);
        lines = honest;
        const std::size_t shown = lines[i].find("\"shown_ms\":10000");
        if (shown == std::string::npos)
            continue;
        lines[i][shown + 11] = '2';
        CHECK_FALSE(audited(lines).holds);
    }
    // Of a choice of days in which only they came, they are told.
    ledger.running.clock.advance(std::chrono::hours(24 * 40));
    next.add(GapRow{1, 0, 0, "salvage", LostRows{journal_name, 13, 13}});
    REQUIRE(ledger.send(next.batch(2, 2), ++ledger.counter, next.journal()).status == 200);
    for (int i = 0; i < 4; ++i)
        ledger.screen.show(500'000 + i * 10'000);
    ledger.send(14, 16);
    ledger.running.clock.advance(std::chrono::hours(24 * 40));
    ledger.send(13, 13);
    CHECK(audited(ledger.lines()).holds);
    CHECK(audited(ledger.lines()).complete);
    const std::string day = to_rfc3339(ledger.running.clock.wall()).substr(0, 10);
    CHECK(audited(ledger.lines("from=" + day)).holds);
}

TEST_CASE("after rows were dropped by the rule, the rest of the chain still holds from where it begins") {
    Ledger ledger;
    ledger.send(1, 4);
    ledger.send(3, 6);
    ledger.running.clock.advance(std::chrono::hours(24 * 40));
    ledger.send(6, 9); // row 6 once more
    ledger.send(10, 12);
    auto database = sqlite::Database::open(ledger.running.settings.data / "server.db");
    const Instant before = ledger.running.clock.wall() - std::chrono::hours(24 * 30);
    CHECK(*server::drop_rows(*database, before, ledger.running.clock.wall(), "30 days") == 6);
    CHECK(*server::drop_rows(*database, before, ledger.running.clock.wall(), "30 days") == 0);
    const AuditResult result = audited(ledger.lines());
    CHECK(result.holds);
    CHECK(result.journals[0].first_seq == 7);
    CHECK(result.journals[0].signed_batches == 1); // the one that began before cannot be put together any more
    CHECK(audit_text(result).find("règle de conservation") != std::string::npos);
    // A checkpoint that was made up.
    auto lines = ledger.lines();
    auto journal = nlohmann::json::parse(lines[1]);
    journal["dropped"]["last_digest"] = std::string(64, '0');
    lines[1] = journal.dump();
    CHECK_FALSE(audited(lines).holds);
    // Rows that come again are known as such.
    CHECK(ledger.send(ledger.screen.batch(1, 12), ++ledger.counter).body.find("forks") == std::string::npos);
}

TEST_CASE("a choice of days walks what was received then") {
    Ledger ledger;
    ledger.send(1, 4);
    ledger.running.clock.advance(std::chrono::hours(24 * 40));
    ledger.send(5, 9);
    const std::string day = to_rfc3339(ledger.running.clock.wall()).substr(0, 10);
    const AuditResult result = audited(ledger.lines("from=" + day));
    CHECK(result.holds);
    CHECK(result.journals[0].first_seq == 5);
    CHECK(result.journals[0].rows == 5);
}

TEST_CASE("requests that were forged, replayed, altered or came from a revoked device are refused and told") {
    Ledger ledger;
    ledger.send(1, 4);
    const std::string path = "/api/v1/ledger/" + journal_name, body = ledger.screen.batch(5, 6);
    HttpClient stranger(ledger.running.url());
    CHECK(stranger.post(path, body, device_headers(SecretKey::generate(), "POST", path, body, 9)).status == 401);
    CHECK(stranger.post(path, body + " ", device_headers(ledger.key, "POST", path, body, 9)).status == 401);
    CHECK(ledger.send(body, 1).status == 401); // the counter was used
    std::string altered = body;
    altered.replace(altered.find("\"shown_ms\":10000"), 16, "\"shown_ms\":20000");
    CHECK(ledger.send(altered, 10).status == 422);
    REQUIRE(ledger.running.client->remove("/api/v1/devices/" + ledger.id).status == 204);
    CHECK(ledger.send(body, 11).status == 403);
    const auto told = nlohmann::json::parse(ledger.running.client->get("/api/v1/ledger").body)["refusals"];
    std::vector<std::string> kinds;
    for (const auto& one : told)
        kinds.push_back(one["kind"].get<std::string>() + (one["device"].is_null() ? "" : " known"));
    std::sort(kinds.begin(), kinds.end());
    CHECK(kinds == std::vector<std::string>{"altered known", "forged known", "replayed known", "revoked known", "unknown"});
    CHECK(audited(ledger.lines()).refused == 5);
    CHECK(audited(ledger.lines()).holds);
    CHECK(audited(ledger.lines()).journals[0].rows == 4);
}

TEST_CASE("strangers, whatever ids they invent, leave one record a day") {
    Ledger ledger;
    const std::string path = "/api/v1/ledger/" + journal_name, body = ledger.screen.batch(1, 2);
    HttpClient stranger(ledger.running.url());
    for (int i = 0; i < 40; ++i)
        CHECK(stranger.post(path, body, device_headers(SecretKey::generate(), "POST", path, body, 9)).status == 401);
    const auto told = nlohmann::json::parse(ledger.running.client->get("/api/v1/ledger").body)["refusals"];
    REQUIRE(told.size() == 1);
    CHECK(told[0]["times"] == 40);
    CHECK(told[0]["device"].is_null());
}
