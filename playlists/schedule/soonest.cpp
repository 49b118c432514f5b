#include "playlists/schedule/soonest.hpp"

#include "playlists/schedule/timetable.hpp"

#include <algorithm>

namespace capsule {

namespace {

constexpr std::chrono::hours looked_ahead{14 * 24};
constexpr int most_changes = 1000;

} // namespace

std::vector<PlaylistId> soonest_first(const Release& release, const ScreenId& screen, Instant instant, ClockKnown clock_known) {
    const Timetable timetable(release.programme, release.fleet, release.now, screen);
    std::vector<PlaylistId> order;
    const auto add = [&](const PlaylistId& playlist) {
        if (std::find(order.begin(), order.end(), playlist) == order.end())
            order.push_back(playlist);
    };
    const auto add_what_plays = [&](const Evaluation& evaluation) {
        if (evaluation.playlist)
            add(*evaluation.playlist);
        for (const ActiveCampaign& campaign : evaluation.campaigns)
            add(campaign.playlist);
    };
    Evaluation evaluation = timetable.at(instant, clock_known);
    add_what_plays(evaluation);
    add_what_plays(timetable.at(instant, ClockKnown::no));
    const Instant horizon = instant + looked_ahead;
    for (int change = 0; change < most_changes && evaluation.next_change && *evaluation.next_change < horizon; ++change) {
        evaluation = timetable.at(*evaluation.next_change, clock_known);
        add_what_plays(evaluation);
    }
    for (const Timetable::Candidate& candidate : timetable.standings(instant))
        add(candidate.schedule->playlist);
    return order;
}

} // namespace capsule
