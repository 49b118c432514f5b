// What one screen will play over a span of time, and how it stands against what the playlists ask. Pure. Reentrant.
//
// It starts with an empty count, as a screen does on a new day; the player's own order differs where playback failed, was cut or began
// at another moment.
#pragma once

#include "playlists/schedule/running_order.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace capsule {

struct Forecast {
    enum class Kind { capsule, qr_card, calm, notice, closed, gap };
    struct Entry {
        Instant from{}, until{};
        Kind kind = Kind::gap;
        CapsuleId capsule;
        PlaylistId playlist;
        std::optional<ScheduleId> schedule;
        std::string reason; // one French sentence
        bool cut = false;   // by a schedule that begins or ends at once
    };
    struct Share { // of what a playlist showed with one set of weights
        PlaylistId playlist;
        CapsuleId capsule;
        std::int64_t got = 0;
        double due = 0;
    };
    struct Overlap {
        Instant from{}; // of the first time
        ScheduleId plays, outranked; // plays: empty when campaigns play alone
        std::string why;
    };
    std::vector<Entry> entries; // in order, without holes
    std::vector<Share> shares;
    std::vector<Overlap> overlaps; // each pair once
    std::vector<std::string> warnings;
};

// Half-open. The screen is in the fleet. Runs until `until`, a few microseconds for each item.
Forecast forecast(const ReleasePointer& release, const ScreenId& screen, Instant from, Instant until);

// Why one schedule does not play beside another that does: it ranks below, or it is a campaign for which there is no room. A sentence.
std::string precedence(const Timetable::Candidate& plays, const Timetable::Candidate& does_not);

} // namespace capsule
