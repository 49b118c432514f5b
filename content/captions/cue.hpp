// What is said and when, read from WebVTT (by the W3C's parsing rules) or SubRip. Reentrant.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace capsule {

struct Cue {
    Milliseconds start{0}, end{0};  // half-open; end is later than start
    std::vector<std::string> lines; // plain UTF-8, not empty; markup and entities are resolved
    std::string voice;              // who speaks (<v …>), empty when it is not said
    bool italic = false;            // the whole cue
    std::string settings;           // WebVTT cue settings as written; nothing interprets them
};

// The cues in order of their start. WebVTT when it begins with its signature, else SubRip; encodings as to_plain_utf8 knows them;
// any kind of line end. A cue with unreadable times is passed over. Invalid: neither of the two.
Result<std::vector<Cue>> read_cues(std::string_view bytes);

// The cues as a WebVTT file: times, lines, italics.
std::string to_webvtt(const std::vector<Cue>& cues);

} // namespace capsule
