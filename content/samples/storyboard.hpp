// A sample capsule as people wrote it: a few screens of plain words, each with its time. Reentrant values.
// Format: data/capsules_exemples.json, see README.md.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/identifier.hpp"
#include "content/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::samples {

struct StoryScreen {
    Milliseconds start{0}, end{0};
    std::string text;
};

struct Storyboard {
    CapsuleId id;
    std::string title, language;
    std::string theme, axis, barrier, reading;     // codes of the vocabulary
    std::vector<std::string> audience, needs;      // codes
    std::optional<CapsuleId> followed_by;
    Milliseconds duration{0};
    std::vector<StoryScreen> screens;              // from 0 to duration without a hole
    std::string transcript;                        // WebVTT
};

// Invalid: says which storyboard and what is wrong. The transcripts stay empty.
Result<std::vector<Storyboard>> parse_storyboards(std::string_view json);
// The thirteen that ship with the program, with their transcripts.
Result<std::vector<Storyboard>> shipped_storyboards();

} // namespace capsule::samples
