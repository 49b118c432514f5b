// What is on a screen's timetable over some days, span by span: for seeing a week at a glance, without its single items. Pure. Reentrant.
#pragma once

#include "playlists/schedule/timetable.hpp"

#include <string>
#include <vector>

namespace capsule {

struct WeekPlan {
    struct Block {
        enum class Kind { plays, closed, gap };
        Instant from{}, until{};
        Kind kind = Kind::gap;
        std::optional<PlaylistId> playlist; // as in Evaluation, as are the next two
        std::optional<ScheduleId> schedule;
        std::vector<ActiveCampaign> campaigns;
    };
    struct Overlap {
        Instant from{}; // of the first time
        std::optional<ScheduleId> plays; // empty: campaigns alone
        ScheduleId does_not_play;
        std::string why; // a French sentence
    };
    std::vector<Block> blocks;         // in order, without holes
    std::vector<Overlap> overlaps;     // each pair once
    std::vector<std::string> warnings; // French sentences: gaps, schedules that never play
};

WeekPlan week_plan(const Timetable& timetable, Instant from, Instant until);

} // namespace capsule
