// The shipped capsules, built into a store: videos, thumbnails, transcripts and their records. One thread per store at a time.
#pragma once

#include "content/base/disk.hpp"
#include "content/samples/storyboard.hpp"

#include <functional>
#include <set>
#include <string>

namespace capsule::samples {

// What is being done, for people (French), and how much of the whole is done, 0 to 1. Called on the caller's thread.
using Progress = std::function<void(const std::string& text, double fraction)>;

// Makes STORE/capsules/<id>.json and the blobs that it names, for each shipped capsule (or those of `only`, when it is not empty)
// that is not there as this version of the program would make it; what is there already costs a few milliseconds. The record is
// written last: at any interruption it names only what is complete, and the next call goes on. Missing: an id that no sample has,
// or no ffmpeg.
Result<void> build_samples(const Path& store_root, const Progress& progress, const std::set<CapsuleId>& only = {});
// The same for storyboards of one's own.
Result<void> build_storyboards(const Path& store_root, const std::vector<Storyboard>& stories, const Progress& progress);

} // namespace capsule::samples
