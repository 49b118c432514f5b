// What a screen shows at one moment, and why this and not that. Pure. Reentrant.
//
// What is shown is reckoned from the beginning of the site's day, when counts are empty: a screen whose playback failed, was cut or began
// late shows another item of the same list.
#pragma once

#include "playlists/schedule/forecast.hpp"

#include <optional>
#include <string>
#include <vector>

namespace capsule {

struct Explanation {
    struct Scheduled {
        Timetable::Candidate candidate;
        std::string reason; // French
    };
    struct Listed {
        CapsuleId capsule;
        PlaylistId playlist;
        std::optional<std::string> obstacle; // why it does not play here
        double share = 0;                    // of the showings
    };
    Evaluation evaluation;
    std::optional<Forecast::Entry> shows; // at that moment
    std::vector<Scheduled> schedules;     // of this screen, in rank order
    std::vector<Listed> capsules;         // of what plays
};

// The screen is in the fleet.
Explanation explain(const ReleasePointer& release, const ScreenId& screen, Instant at);

} // namespace capsule
