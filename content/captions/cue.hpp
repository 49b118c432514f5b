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

// The cues in order of their start. WebVTT when it begins with its signature, else SubRip; UTF-8 with or without BOM, UTF-16 with BOM;
// any kind of line end. A cue with unreadable times is passed over. Invalid: neither of the two.
Result<std::vector<Cue>> read_cues(std::string_view bytes);

// Bytes of a text file as UTF-8 with "\n" at line ends: BOM taken off, UTF-16 converted, what is malformed replaced by U+FFFD.
std::string to_plain_utf8(std::string_view bytes);

} // namespace capsule
