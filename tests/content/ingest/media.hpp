// Makes small clips with the ffmpeg program, and tells what a file is with ffprobe.
#pragma once

#include "content/base/disk.hpp"
#include "content/ingest/child.hpp"
#include "content/store/store.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace capsule {

inline std::string run_for_output(std::vector<std::string> arguments) {
    ChildCommand command;
    command.arguments = std::move(arguments);
    command.isolation = Isolation::none;
    command.limits.time = std::chrono::seconds(60);
    std::string output;
    command.on_output = [&](std::string_view bytes) { output += bytes; };
    const auto outcome = run_child(command);
    REQUIRE(outcome);
    INFO(outcome->errors);
    CHECK(outcome->good());
    return output;
}

// ffmpeg -v error -y … `path`
inline Path make_clip(const Path& path, const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"ffmpeg", "-nostdin", "-v", "error", "-y"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    all.push_back(path.string());
    run_for_output(all);
    return path;
}

inline nlohmann::json ffprobe(const Path& path) {
    return nlohmann::json::parse(run_for_output({"ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json",
                                                 path.string()}));
}

// The mean colour of a rectangle of a file's first picture, as three bytes.
inline std::string mean_colour(const Path& path, const std::string& crop) {
    return run_for_output({"ffmpeg", "-v", "error", "-nostdin", "-i", path.string(), "-frames:v", "1", "-vf",
                           "format=rgb24,crop=" + crop + ",scale=1:1:flags=area", "-f", "rawvideo", "-"});
}

inline bool is_near(const std::string& colour, int red, int green, int blue) {
    const auto near = [&](std::size_t at, int wanted) { return std::abs(static_cast<unsigned char>(colour.at(at)) - wanted) < 24; };
    return colour.size() == 3 && near(0, red) && near(1, green) && near(2, blue);
}

struct StoreFixture {
    TemporaryFolder folder;
    SystemDisk disk;
    Store store{disk, folder.path() / "store"};
    StoreFixture() { REQUIRE(store.prepare()); }
    Path file(const std::string& name) const { return folder.path() / name; }
};

} // namespace capsule
