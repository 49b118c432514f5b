// What is done with a master that cannot be trusted, from opening it to measuring what it became: everything that reads its bytes. Runs in a cell
// (cell.hpp), or in place. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "content/capsule/metadata.hpp"
#include "content/ingest/child.hpp"
#include "content/ingest/measurement.hpp"
#include "content/ingest/text_track.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace capsule::ingest {

struct WorkOrder {
    std::string name;  // of the master, in messages
    MediaHints hints;  // caption files are not read here, their languages count
    std::string preset = "medium";
    Milliseconds time = std::chrono::hours(2);
};

// Open regular files: the master for reading, the others empty and for writing.
struct Workpiece {
    int master = -1, media = -1, thumbnail = -1;
};

struct Made {
    CapsuleKind kind = CapsuleKind::video;
    CapsuleVersion version; // but for its blobs
    Measurement measurement;
    std::vector<TextTrack> tracks;
    std::vector<std::string> warnings;
};

struct WorkControl {
    std::function<void(double)> progress; // 0 to 1, rising
    std::stop_token stop;
    Isolation isolation = Isolation::where_possible; // of the ffmpeg program
};

// Errors are one line with the order's name: refused, invalid, timeout, no_space, io.
Result<Made> work(const WorkOrder& order, const Workpiece& piece, const WorkControl& control);

nlohmann::json to_json(const WorkOrder& order);
Result<WorkOrder> order_from_json(const nlohmann::json& json);
nlohmann::json to_json(const Made& made);
Result<Made> made_from_json(const nlohmann::json& json);

} // namespace capsule::ingest
