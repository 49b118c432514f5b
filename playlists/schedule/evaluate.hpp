// Which playlist one screen plays at one instant, and when that answer next changes. Pure: no clock, disk or network. Reentrant.
#pragma once

#include "playlists/model/release.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

// Whether the wall clock can be trusted to 15 minutes. Unknown: picture on, the default loop, nothing that depends on a date.
enum class ClockKnown { yes, no };

struct ActiveMessage {
    MessageId id;
    std::string text; // in the screen's first language that it has, else French; without one, the title of its capsule
    MessageStyle style = MessageStyle::banner;
    std::string language = "fr";           // of the text
    std::optional<CapsuleId> capsule = {}; // whether it can play: urgent.hpp
    bool operator==(const ActiveMessage&) const = default;
};

// A campaign that takes a part of the showings beside the playlist.
struct ActiveCampaign {
    ScheduleId schedule;
    PlaylistId playlist;
    int percent = 0;
    bool operator==(const ActiveCampaign&) const = default;
};

struct Evaluation {
    std::optional<PlaylistId> playlist; // empty: nothing is scheduled here; without campaigns the screen shows its calm card
    std::optional<ScheduleId> schedule; // the one that won
    std::vector<ActiveCampaign> campaigns; // in rank order; they have percent of 100, the playlist has the rest
    bool at_once = false;               // the change to this answer, and from it, does not wait for the end of the item on screen
    bool picture_on = true;             // false: outside the site's opening hours, and no schedule applies
    int volume = 0;                     // percent; 0 while the picture is off and in the screen's quiet hours
    std::vector<ActiveMessage> messages;
    std::optional<Instant> next_change; // the first later instant at which any of the above may differ; empty: never
    bool operator==(const Evaluation&) const = default;
};

// Whether a schedule's `when` is "always", "open" or an expression that can be read; for checks before publishing. On a screen, one
// that cannot be read counts as "always".
Result<void> check_when(std::string_view when);

// One question. Who asks often keeps a Timetable.
Evaluation evaluate(const Programme& programme, const Fleet& fleet, const NowDocument& now, const ScreenId& screen, Instant instant,
                    ClockKnown clock_known);

} // namespace capsule
