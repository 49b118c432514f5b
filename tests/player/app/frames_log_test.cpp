#include "player/app/frames_log.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

using namespace capsule;
using namespace std::chrono_literals;

namespace {
std::vector<nlohmann::json> lines_of(const Path& path) {
    std::vector<nlohmann::json> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
        lines.push_back(nlohmann::json::parse(line));
    return lines;
}
} // namespace

TEST_CASE("a frame is one JSON object with its seven fields") {
    const ShownFrame frame{123456789ns, 4, 17, 566'700'000ns, 1'500'000ns};
    const auto line = nlohmann::json::parse(frame_line("a \"b\" \xff.mp4", MediaKind::image, frame));
    CHECK(line.size() == 7);
    CHECK(line["t_ns"] == 123456789);
    CHECK(line["showing"] == 4);
    CHECK(line["frame"] == 17);
    CHECK(line["pts_ms"] == 566.7);
    CHECK(line["kind"] == "image");
    CHECK(line["late_ms"] == 1.5);
}

TEST_CASE("frames reach the file within moments, and a second run appends") {
    const TemporaryFolder folder;
    const Path path = folder.path() / "frames.jsonl";
    PlayItem item;
    item.name = "a.mp4";
    for (int run = 0; run < 2; ++run) {
        auto log = FramesLog::open(path);
        REQUIRE(log.ok());
        (*log)->frame_shown(item, {});
        std::size_t there = 0;
        for (int i = 0; i < 2000 && there != static_cast<std::size_t>(run) + 1; ++i) {
            std::this_thread::sleep_for(1ms);
            there = lines_of(path).size();
        }
        CHECK(there == static_cast<std::size_t>(run) + 1);
    }
}

TEST_CASE("a full disk costs lines, not the picture") {
    auto log = FramesLog::open("/dev/full");
    REQUIRE(log.ok());
    PlayItem item;
    for (int i = 0; i < 10000; ++i)
        (*log)->frame_shown(item, {});
}

TEST_CASE("a log that cannot be opened says which and why") {
    const auto log = FramesLog::open("/nowhere/frames.jsonl");
    REQUIRE_FALSE(log.ok());
    CHECK(log.error().message.find("/nowhere/frames.jsonl") != std::string::npos);
}
