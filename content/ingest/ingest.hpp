// From a master file to a capsule fit for the screen. Thread-safe; the calling thread waits while the ffmpeg program works.
// What the result looks like (the house profile), and what is refused: README.md of this folder.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "content/capsule/capsule.hpp"
#include "content/capsule/metadata.hpp"
#include "content/ingest/measurement.hpp"
#include "content/ingest/record.hpp"
#include "content/store/store.hpp"

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace capsule::ingest {

struct Options {
    std::function<void(double)> progress; // 0 to 1, rising; on the calling thread
    std::stop_token stop;
    Milliseconds time = std::chrono::hours(2); // for the whole transcoding
    std::string preset = "medium";             // x264's
    // A program whose main calls cell_main (cell.hpp): the master is then opened, converted and measured in that process only, under lock and key.
    // Empty: this process' own, if its main does; else in this process, with the ffmpeg program alone in a child.
    Path cell;
    std::string name; // of the master, in messages; empty: its path
};

struct Ingested {
    CapsuleKind kind = CapsuleKind::video;
    CapsuleVersion version;
    Measurement measurement;
    std::vector<std::string> warnings; // one line each, for people: what was left out or looks damaged
};

// Media, thumbnail and captions into the store (which must be prepared). Errors are one line that names the file: missing, refused
// (no picture, not a regular file, a format that is not read, stopped), invalid (damaged), timeout, no_space, io. After a failure
// nothing new is in the store.
Result<Ingested> ingest_media(const Path& master, const MediaHints& hints, Store& store, const Options& options = {});

struct IngestedCapsule {
    Record record;
    CapsuleVersion version; // the one made now
    Measurement measurement; // of that
    std::vector<std::string> warnings;
};

// ingest_media as `capsule_toml` says, then the record, durably. A record of the same id is replaced; its versions in other
// languages stay, with their titles where capsule.toml gives none, and so does its code.
Result<IngestedCapsule> ingest_capsule(const Path& master, const Path& capsule_toml, Store& store, const Options& options = {});

} // namespace capsule::ingest
