#include "player/app/options.hpp"

#include "tests/catch.hpp"

using namespace capsule;
using namespace std::chrono_literals;

namespace {
std::variant<Options, Leave> parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "capsule-player");
    return parse_options(static_cast<int>(arguments.size()), arguments.data());
}
int code(std::vector<const char*> arguments) {
    const auto parsed = parse(std::move(arguments));
    const auto* leave = std::get_if<Leave>(&parsed);
    return leave ? leave->code : -1;
}
} // namespace

TEST_CASE("local files are played as asked for") {
    const auto parsed = parse({"--play", "a.mp4", "b.mp4", "--headless", "--size", "1280x720", "--for", "30s", "--loops", "2",
                               "--rotation", "90", "--frames-log", "f.jsonl", "--sound"});
    REQUIRE(std::holds_alternative<Options>(parsed));
    const auto& options = std::get<Options>(parsed);
    CHECK(options.play == std::vector<Path>{"a.mp4", "b.mp4"});
    CHECK(options.stage.headless);
    CHECK(options.stage.size == Size{1280, 720});
    CHECK(options.stage.quarter_turns == 1);
    CHECK(options.play_for == Nanoseconds(30s));
    CHECK(options.loops == 2);
    CHECK(options.sound);
    CHECK(options.frames_log == "f.jsonl");
}

TEST_CASE("sound is off unless asked for") {
    const auto parsed = parse({"--play", "a.mp4"});
    REQUIRE(std::holds_alternative<Options>(parsed));
    CHECK_FALSE(std::get<Options>(parsed).sound);
}

TEST_CASE("captions of local files are French, else any, unless told") {
    const auto captions = [](std::vector<const char*> arguments) {
        const auto parsed = parse(std::move(arguments));
        REQUIRE(std::holds_alternative<Options>(parsed));
        return std::get<Options>(parsed).captions;
    };
    CHECK(captions({"--play", "a.mp4"}) == std::vector<std::string>{"fr", "*"});
    CHECK(captions({"--play", "a.mp4", "--captions", "ara,fr_FR"}) == std::vector<std::string>{"ar", "fr-FR"});
    CHECK(captions({"--play", "a.mp4", "--captions", "none"}).empty());
    CHECK(code({"--play", "a.mp4", "--captions", "fr,9"}) == 2);
    CHECK(code({"--server", "http://localhost", "--store", "s", "--captions", "fr"}) == 2);
}

TEST_CASE("wrong usage leaves with 2 and one line, help and version with 0") {
    CHECK(code({}) == 2);
    CHECK(code({"--nonsense"}) == 2);
    CHECK(code({"--play"}) == 2);
    CHECK(code({"--play", "a", "--size", "big"}) == 2);
    CHECK(code({"--play", "a", "--size", "3x3"}) == 2);
    CHECK(code({"--play", "a", "--for", "soon"}) == 2);
    CHECK(code({"--play", "a", "--rotation", "45"}) == 2);
    CHECK(code({"--play", "a", "--loops", "0"}) == 2);
    CHECK(code({"--play", "a", "--server", "http://localhost"}) == 2);
    CHECK(code({"--server", "localhost", "--store", "s"}) == 2);
    CHECK(code({"--server", "ftp://localhost", "--store", "s"}) == 2);
    CHECK(code({"--server", "http://", "--store", "s"}) == 2);
    CHECK(code({"--server", "http://localhost", "--exit-on-end"}) == 2);
    CHECK(code({"--help"}) == 0);
    CHECK(code({"--version"}) == 0);
    const auto parsed = parse({"--play", "a", "--for", "soon"});
    const std::string text = std::get<Leave>(parsed).text;
    CHECK(text.find('\n') == text.size() - 1);
}
