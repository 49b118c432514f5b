#include "playlists/schedule/week_plan.hpp"

#include "playlists/schedule/forecast.hpp"

#include <algorithm>
#include <set>

namespace capsule {

namespace {

using Block = WeekPlan::Block;

Block block_at(const Evaluation& evaluation, Instant at) {
    Block block;
    block.from = at;
    block.playlist = evaluation.playlist;
    block.schedule = evaluation.schedule;
    block.campaigns = evaluation.campaigns;
    if (!evaluation.picture_on)
        block.kind = Block::Kind::closed;
    else if (evaluation.playlist || !evaluation.campaigns.empty())
        block.kind = Block::Kind::plays;
    return block;
}

bool same(const Block& left, const Block& right) {
    return left.kind == right.kind && left.schedule == right.schedule && left.campaigns == right.campaigns;
}

// A schedule that applies in the span and is always outranked is what its author least expects.
void warn(WeekPlan& plan) {
    std::set<ScheduleId> play;
    std::set<std::string> said;
    const auto say = [&](std::string text) {
        if (said.insert(text).second)
            plan.warnings.push_back(std::move(text));
    };
    for (const Block& block : plan.blocks) {
        if (block.kind == Block::Kind::gap)
            say("Il y a des moments sans rien à montrer pendant l’ouverture : ajoutez une programmation par défaut.");
        if (block.schedule)
            play.insert(*block.schedule);
        for (const ActiveCampaign& campaign : block.campaigns)
            play.insert(campaign.schedule);
    }
    for (const auto& one : plan.overlaps)
        if (!play.contains(one.does_not_play))
            say("La programmation « " + one.does_not_play.text() + " » ne passe à aucun moment de cette période. " + one.why);
}

} // namespace

WeekPlan week_plan(const Timetable& timetable, Instant from, Instant until) {
    WeekPlan plan;
    for (Instant at = from; at < until;) {
        const Evaluation evaluation = timetable.at(at);
        Block block = block_at(evaluation, at);
        block.until = std::min(until, evaluation.next_change.value_or(until));
        at = block.until;
        if (!plan.blocks.empty() && same(plan.blocks.back(), block))
            plan.blocks.back().until = block.until;
        else
            plan.blocks.push_back(std::move(block));
    }
    for (const auto& overlap : timetable.overlaps(from, until))
        plan.overlaps.push_back({overlap.from, overlap.plays.schedule ? std::optional(overlap.plays.schedule->id) : std::nullopt,
                                 overlap.does_not.schedule->id, precedence(overlap.plays, overlap.does_not)});
    warn(plan);
    return plan;
}

} // namespace capsule
