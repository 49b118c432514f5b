#include "playlists/cli/command_line.hpp"
#include "playlists/cli/terminal.hpp"
#include "playlists/model/release.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/playlists/schedule/example.hpp"

#include <fstream>
#include <sstream>

using namespace capsule;
using namespace capsule::example;

namespace {

struct Foresight {
    TemporaryFolder folder;
    FakeClock clock;
    SystemDisk disk;
    std::ostringstream out, err;

    Foresight() {
        Release release = make_release({2, 1});
        for (auto& [id, capsule] : release.programme.capsules) {
            capsule.versions.front().width = 1920;
            capsule.versions.front().height = 1080;
        }
        release.programme.schedules = {make_schedule("defaut"), make_schedule("nuit", "22:00-24:00", 3)};
        write("programme.json", serialise(release.programme));
        write("fleet.json", serialise(release.fleet));
    }
    void write(const char* name, const std::string& text) { std::ofstream(folder.path() / name, std::ios::binary) << text; }
    int run(std::vector<std::string> words) {
        out.str("");
        err.str("");
        cli::Terminal terminal{out, err, clock, disk, false, {}, [](const char*) { return std::string(); }};
        words.insert(words.begin(), "capsule");
        words.insert(words.end(), {"--release", folder.path().string()});
        std::vector<const char*> argv;
        for (const auto& word : words)
            argv.push_back(word.c_str());
        return cli::run(static_cast<int>(argv.size()), argv.data(), terminal);
    }
    bool has(const std::string& part) const {
        INFO(out.str() << err.str());
        return (out.str() + err.str()).find(part) != std::string::npos;
    }
};

} // namespace

TEST_CASE("what a screen will play is told from a folder, with reasons, shares and overlaps") {
    Foresight person;
    REQUIRE(person.run({"simulate", "--screen", "hall", "--from", "2026-11-24T21:59", "--to", "2026-11-24T22:02", "--json"}) == 0);
    CHECK(person.has("\"from\":\"2026-11-24T21:59:00\""));
    CHECK(person.has("\"schedule\":\"nuit\""));
    CHECK(person.has("\"outranked\":\"defaut\""));
    CHECK(person.has("\"due\":"));
    REQUIRE(person.run({"simulate", "--screen", "hall", "--from", "2026-11-24", "--to", "2026-11-25"}) == 0);
    CHECK(person.has("Parts obtenues et dues"));
    CHECK(person.has("l’emporte sur"));
}

TEST_CASE("why a screen plays this and not that is told for a moment") {
    Foresight person;
    REQUIRE(person.run({"explain", "--screen", "hall", "--at", "2026-11-24T22:30"}) == 0);
    CHECK(person.has("nuit (accueil) : passe"));
    CHECK(person.has("La priorité de « nuit » est plus haute"));
    REQUIRE(person.run({"explain", "--screen", "hall", "--at", "2026-11-24T10:00", "--json"}) == 0);
    CHECK(person.has("\"next_change\":\"2026-11-24T22:00:00\""));
    CHECK(person.has("\"standing\":\"not-now\""));
}

TEST_CASE("a screen that is not there and a moment that is none are told with what was meant") {
    Foresight person;
    CHECK(person.run({"explain", "--screen", "hal", "--at", "2026-11-24T10:00"}) == 2);
    CHECK(person.has("did you mean \"hall\"?"));
    CHECK(person.run({"explain", "--screen", "hall", "--at", "mardi"}) == 2);
    CHECK(person.has("--at: a moment such as"));
    CHECK(person.run({"simulate", "--screen", "hall", "--from", "2026-11-24", "--to", "2026-11-24"}) == 2);
}
