// `capsule changes verify` and `capsule login --code` against the running server, as an administrator calls them.
#include "content/base/encoding.hpp"
#include "playlists/server/people/one_time_code.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <sys/wait.h>

using namespace capsule;

namespace {

struct Told {
    int code = 0;
    std::string text;
};

Told capsule_command(const std::string& arguments) {
    FILE* pipe = ::popen((std::string(CAPSULE_BINARY_DIR) + "/capsule " + arguments + " 2>&1").c_str(), "r");
    REQUIRE(pipe);
    Told told;
    char buffer[4096];
    while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe))
        told.text.append(buffer, got);
    told.code = WEXITSTATUS(::pclose(pipe));
    return told;
}

struct Desk {
    RunningServer running;
    std::string token_file = (running.folder.path() / "token.json").string();
    Desk() {
        const nlohmann::json token = {{"format", 1}, {"server", running.url()}, {"token", running.token("anne")}};
        SystemDisk disk;
        REQUIRE(write_durably(disk, token_file, token.dump(), 0600).ok());
        for (const char* name : {"A", "B", "C", "D"})
            REQUIRE(running.client->put("/api/v1/sites/a", R"({"name":")" + std::string(name) + "\"}").status / 100 == 2);
    }
    Told verify(const std::string& more = "") { return capsule_command("changes verify --token-file " + token_file + " " + more); }
    void run(const std::string& sql) {
        auto database = sqlite::Database::open(running.settings.data / "server.db");
        REQUIRE(database->execute(sql).ok());
    }
};

} // namespace

TEST_CASE("the command says that the log holds, prints its last row, and goes on from one that was kept") {
    Desk desk;
    const Told first = desk.verify();
    CHECK(first.code == 0);
    const std::string kept = first.text.substr(first.text.rfind(' ') + 1, first.text.size() - first.text.rfind(' ') - 2);
    REQUIRE(kept.find(':') != std::string::npos);
    CHECK(desk.verify("--since " + kept).code == 0);
    REQUIRE(desk.running.client->put("/api/v1/sites/a", R"({"name":"E"})").status == 200);
    CHECK(desk.verify("--since " + kept).text.starts_with("1 changes"));
    CHECK(desk.verify("--since nonsense").code == 2);
    const Told listed = capsule_command("changes list --token-file " + desk.token_file);
    CHECK(listed.text.find("anne  change site a") != std::string::npos);
}

TEST_CASE("the command says where the log does not hold") {
    Desk desk;
    SECTION("a row was altered") { desk.run("UPDATE changes SET after='{}' WHERE seq=3"); }
    SECTION("a row was taken out") { desk.run("DELETE FROM changes WHERE seq=3"); }
    SECTION("somebody else is said to have done it") { desk.run("UPDATE changes SET who='zoe' WHERE seq=3"); }
    const Told told = desk.verify();
    CHECK(told.code == 1);
    CHECK((told.text.find("change 3") != std::string::npos || told.text.find("change 4") != std::string::npos));
}

TEST_CASE("a log that was cut off at its end, or written anew, is not the one that was kept") {
    Desk desk;
    const std::string text = desk.verify().text;
    const std::string kept = text.substr(text.rfind(' ') + 1, text.size() - text.rfind(' ') - 2);
    desk.run("DELETE FROM changes WHERE seq=(SELECT max(seq) FROM changes)");
    CHECK(desk.verify().code == 0); // a chain alone does not tell
    CHECK(desk.verify("--since " + kept).code == 1);
    REQUIRE(desk.running.client->put("/api/v1/sites/a", R"({"name":"Z"})").status == 200);
    CHECK(desk.verify("--since " + kept).code == 1);
}

TEST_CASE("the command line signs in with a second factor, and says when it lacks the code") {
    Desk desk;
    desk.running.add_account("zoe", "evaluator");
    const std::string key = "12345678901234567890";
    desk.run("UPDATE accounts SET totp_secret='" + to_hex(key) + "' WHERE login='zoe'");
    SystemDisk disk;
    const std::string word = (desk.running.folder.path() / "word").string();
    REQUIRE(write_durably(disk, word, RunningServer::password, 0600).ok());
    const std::string login = "login --login zoe --password-file " + word + " --server " + desk.running.url() + " --token-file " +
                              (desk.running.folder.path() / "zoe.json").string();
    const Told without = capsule_command(login);
    CHECK(without.code == 1);
    CHECK(without.text.find("--code") != std::string::npos);
    CHECK(capsule_command(login + " --code 000000").code == 1);
    const std::string code = server::one_time_code(key, server::one_time_step(desk.running.clock.wall()));
    CHECK(capsule_command(login + " --code " + code).code == 0);
}
