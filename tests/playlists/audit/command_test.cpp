// `capsule ledger` against the real server, and against a file without any.
#include "playlists/cli/command_line.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/journal_writer.hpp"
#include "tests/fakes/running_server.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>

using namespace capsule;

namespace {

struct Auditor {
    RunningServer& running;
    std::ostringstream out, err;

    int run(std::vector<std::string> words) {
        out.str("");
        err.str("");
        cli::Terminal terminal{
            out,
            err,
            running.clock,
            running.disk,
            false,
            [](const std::string&) -> Result<std::string> { return std::string(RunningServer::password); },
            [this](const char* name) { return std::string(name) == "HOME" ? running.folder.path().string() : std::string(); }};
        words.insert(words.begin(), "capsule");
        std::vector<const char*> argv;
        for (const auto& word : words)
            argv.push_back(word.c_str());
        return cli::run(static_cast<int>(argv.size()), argv.data(), terminal);
    }
};

std::string contents(const Path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

} // namespace

TEST_CASE("an auditor takes the ledger away, checks it with no server, and sees what was done to the file") {
    RunningServer running;
    HttpClient& client = *running.client;
    REQUIRE(client.put("/api/v1/sites/fs-antony", R"({"name":"Antony","commune":"92002"})").status == 201);
    REQUIRE(client.put("/api/v1/screens/fs-antony-hall", R"({"site":"fs-antony","name":"Hall"})").status == 201);
    const SecretKey key = SecretKey::generate();
    const std::string id = key.public_key().device_id(), journal(32, 'a'), path = "/api/v1/ledger/" + journal;
    REQUIRE(client.put("/api/v1/devices/" + id, R"({"public_key":")" + key.public_key().hex() + R"(","screen":"fs-antony-hall"})")
                .status == 201);
    // Enough for several pages: about six megabytes.
    JournalWriter screen(journal, id);
    const std::int64_t now = to_ms(running.clock.wall());
    screen.add(AnchorRow{0, now - 20 * 86'400'000ll, 20, "server"});
    std::uint64_t counter = 0;
    for (int batch = 0; batch < 14; ++batch) {
        const std::size_t first = batch == 0 ? 1 : screen.rows().size() + 1;
        while (screen.rows().size() < static_cast<std::size_t>(batch + 1) * 500)
            screen.show(static_cast<std::int64_t>(screen.rows().size()) * 28'000);
        const std::string body = screen.batch(first, screen.rows().size());
        REQUIRE(HttpClient(running.url()).post(path, body, device_headers(key, "POST", path, body, ++counter)).status == 200);
    }
    Auditor auditor{running, {}, {}};
    REQUIRE(auditor.run({"login", "--server", running.url(), "--login", "anne"}) == 0);
    CHECK(auditor.run({"ledger", "verify"}) == 0);
    CHECK(auditor.out.str().find("lignes 1 à 7000") != std::string::npos);
    CHECK(auditor.run({"ledger", "verify", "--screen", "fs-antony-hall", "--json"}) == 0);
    CHECK(nlohmann::json::parse(auditor.out.str())["journals"][0]["signed_batches"] == 14);
    CHECK(auditor.run({"ledger", "verify", "--screen", "ailleurs", "--json"}) == 0);
    CHECK(nlohmann::json::parse(auditor.out.str())["journals"].empty());

    const Path file = running.folder.path() / "ledger.ndjson";
    CHECK(auditor.run({"ledger", "export", "--out", file.string()}) == 0);
    CHECK(auditor.run({"ledger", "corrections", "--from", "2026-10-01", "--to", "2026-12-31"}) == 0);
    CHECK(auditor.out.str().find("arrivée tardive") != std::string::npos);
    CHECK(auditor.run({"report", "--by", "commune,month", "--from", "2026-10-01", "--to", "2026-12-31"}) == 0);
    CHECK(auditor.out.str().find("Antony, ") != std::string::npos);
    CHECK(auditor.out.str().find("Heures d’ouverture") == std::string::npos); // enrolled now: no hour was expected yet
    CHECK(auditor.run({"report", "--by", "commune,planet"}) == 2);
    CHECK(auditor.run({"ledger", "verify", "--from", "soon"}) == 2);

    running.server.reset();
    CHECK(auditor.run({"ledger", "verify", file.string()}) == 0);
    CHECK(auditor.out.str().find("Rien n’est faux") != std::string::npos);
    CHECK(auditor.run({"ledger", "verify"}) == 1); // no server
    std::string text = contents(file);
    const std::size_t shown = text.find("\"shown_ms\":10000", text.size() / 2);
    REQUIRE(shown != std::string::npos);
    text.replace(shown, 16, "\"shown_ms\":99999");
    std::ofstream(file, std::ios::binary) << text;
    CHECK(auditor.run({"ledger", "verify", file.string()}) == 1);
    CHECK(auditor.out.str().find("LE REGISTRE NE TIENT PAS") != std::string::npos);
    CHECK(auditor.err.str().find("does not hold") != std::string::npos);
}
