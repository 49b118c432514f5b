// The house profile as arguments for the ffmpeg program. Pure. What the profile is, and why: README.md of this folder.
// Descriptor 3 is the input, 4 the output; progress goes to standard output.
#pragma once

#include "content/ingest/probe.hpp"

#include <string>
#include <vector>

namespace capsule::ingest {

inline constexpr int long_side = 1920, short_side = 1080;
inline constexpr int thumbnail_width = 480;

// `preset` is x264's: slower ones make smaller files.
std::vector<std::string> video_arguments(const Probe& probe, const std::string& preset);
// To JPEG where the master is one (or a WebP), else to PNG; image_type tells which.
std::vector<std::string> image_arguments(const Probe& probe);
std::string image_type(const Probe& probe);
// A WebP of one picture of what was normalised, the most typical within two seconds from `from` on; its mean brightness
// (16 to 235) is printed as "…YAVG=".
std::vector<std::string> thumbnail_arguments(CapsuleKind kind, Milliseconds from);

} // namespace capsule::ingest
