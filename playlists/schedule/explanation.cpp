#include "playlists/schedule/explanation.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace capsule {

namespace {

std::string verb_of(Timetable::Standing standing) {
    switch (standing) {
    case Timetable::Standing::plays:
        return "passe";
    case Timetable::Standing::shares:
        return "campagne : prend sa part";
    case Timetable::Standing::no_room:
        return "campagne sans place : d’autres prennent déjà leur part";
    case Timetable::Standing::outranked:
        return "cède la place";
    case Timetable::Standing::not_now:
        break;
    }
    return "ne s’applique pas à cette heure";
}

std::vector<Explanation::Listed> capsules_of(RunningOrder& order, const Release& release, const ScreenId& screen,
                                             const Evaluation& evaluation, Instant at) {
    std::map<CapsuleId, std::int64_t> due;
    std::int64_t whole = 0;
    for (const auto& one : order.rotation(evaluation).due(at, {})) {
        due[one.capsule] += one.weight;
        whole += one.weight;
    }
    std::vector<Explanation::Listed> all;
    std::set<CapsuleId> seen;
    for (const auto& item : flatten(release.programme, order.rotation(evaluation).playlist(), [](const CapsuleId&) { return true; }).items) {
        const CapsuleId& id = item.item->capsule;
        if (!seen.insert(id).second)
            continue;
        Explanation::Listed listed{id, item.playlist, obstacle(release, screen, id, at, {}), 0};
        if (!listed.obstacle)
            listed.share = static_cast<double>(due[id]) / static_cast<double>(std::max<std::int64_t>(1, whole));
        all.push_back(std::move(listed));
    }
    return all;
}

} // namespace

Explanation explain(const ReleasePointer& release, const ScreenId& screen, Instant at) {
    Explanation explained;
    RunningOrder order{release, screen};
    const Zone& zone = order.timetable().zone();
    explained.evaluation = order.at(at, ClockKnown::yes);
    const auto standings = order.timetable().standings(at);
    const auto plays = std::find_if(standings.begin(), standings.end(), [](const auto& one) { return one.standing == Timetable::Standing::plays; });
    for (const auto& one : standings) {
        std::string why = verb_of(one.standing);
        if (one.standing == Timetable::Standing::outranked && plays != standings.end())
            why += " à « " + plays->schedule->id.text() + " ». " + precedence(*plays, one);
        explained.schedules.push_back({one, std::move(why)});
    }
    if (explained.evaluation.playlist || !explained.evaluation.campaigns.empty())
        explained.capsules = capsules_of(order, *release, screen, explained.evaluation, at);
    const Forecast day = forecast(release, screen, zone.instant(LocalTime{zone.day(at)}), at + Milliseconds{1});
    if (!day.entries.empty())
        explained.shows = day.entries.back();
    return explained;
}

} // namespace capsule
