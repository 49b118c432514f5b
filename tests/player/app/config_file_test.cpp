#include "player/app/config_file.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <fstream>

using namespace capsule;
using namespace std::chrono_literals;

namespace {
struct Written {
    TemporaryFolder folder;
    SystemDisk disk;
    Options options;
    Result<void> read(const std::string& text) {
        const Path file = folder.path() / "player.toml";
        std::ofstream(file) << text;
        return read_config(file, disk, options);
    }
};
} // namespace

TEST_CASE("player.toml says what the command line leaves open") {
    Written written;
    REQUIRE(written.read("server = \"https://ecrans.example.fr\"\nstore = \"/var/lib/capsule\"\npublic_url = \"https://example.fr\"\n"
                         "poll = \"5min\"\nsound = true\nrotation = 90\ndisplay = 1\n"));
    const Options& options = written.options;
    CHECK(options.server == "https://ecrans.example.fr");
    CHECK(options.store == "/var/lib/capsule");
    CHECK(options.public_url == "https://example.fr");
    CHECK(options.poll_interval == Nanoseconds(5min));
    CHECK(options.sound);
    CHECK(options.stage.quarter_turns == 1);
    CHECK(options.stage.display == 1);
}

TEST_CASE("the command line wins over player.toml") {
    Written written;
    written.options.server = "http://127.0.0.1:1";
    written.options.store = "/tmp/store";
    written.options.poll_interval = 7s;
    written.options.poll_given = true;
    REQUIRE(written.read("server = \"https://ecrans.example.fr\"\nstore = \"/var/lib/capsule\"\npoll = \"5min\"\n"));
    CHECK(written.options.server == "http://127.0.0.1:1");
    CHECK(written.options.store == "/tmp/store");
    CHECK(written.options.poll_interval == Nanoseconds(7s));
}

TEST_CASE("what is wrong in player.toml is told with file, line and key") {
    const auto [text, says] = GENERATE(table<std::string, std::string>({
        {"server = \n", "player.toml line 1"},
        {"sound = true\nserveur = \"x\"\n", "player.toml line 2: no key serveur is known; there are bandwidth, "},
        {"server = 12\n", "player.toml line 1: server: expected a text in quotes"},
        {"poll = \"often\"\n", "poll: expected a duration such as \"60s\""},
        {"poll = \"0s\"\n", "poll: expected a duration"},
        {"sound = \"yes\"\n", "sound: expected true or false"},
        {"rotation = 45\n", "rotation: expected 0, 90, 180 or 270"},
        {"display = -1\n", "display: expected a number"},
        {"overscan = 30\n", "overscan: expected a number of percent, 0 to 10"},
        {"[server]\nurl = \"x\"\n", "server: expected a text"},
    }));
    Written written;
    const auto read = written.read(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().category == Category::invalid);
    CHECK(read.error().message.find(says) != std::string::npos);
    CHECK(read.error().message.find('\n') == std::string::npos);
}

TEST_CASE("a player.toml that is not there is missing, not invalid") {
    SystemDisk disk;
    Options options;
    const auto read = read_config("/nowhere/player.toml", disk, options);
    REQUIRE_FALSE(read);
    CHECK(read.error().category == Category::missing);
}
