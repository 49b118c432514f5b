// What applies beside what plays, over a span of time.
#include "playlists/schedule/timetable.hpp"

#include <algorithm>

namespace capsule {

std::vector<Timetable::Overlap> Timetable::overlaps(Instant from, Instant until) const {
    make_index();
    const std::size_t count = m_ranked.size(), nothing = count;
    std::vector<bool> noted((count + 1) * count); // by what plays and what does not
    std::vector<bool> shares(count);
    std::vector<Overlap> found;
    const auto candidate = [&](std::size_t rank, Standing standing) {
        return Candidate{m_ranked[rank].schedule, m_ranked[rank].specificity, standing, {}};
    };
    for (Instant at = from; at < until;) {
        const Evaluation evaluation = this->at(at);
        const Instant end = std::min(until, evaluation.next_change.value_or(until));
        std::size_t winner = nothing;
        std::fill(shares.begin(), shares.end(), false);
        for (std::size_t rank = 0; rank < count && winner == nothing && (evaluation.schedule || !evaluation.campaigns.empty()); ++rank) {
            const ScheduleId& id = m_ranked[rank].schedule->id;
            if (evaluation.schedule == id)
                winner = rank;
            shares[rank] = std::any_of(evaluation.campaigns.begin(), evaluation.campaigns.end(),
                                       [&](const ActiveCampaign& campaign) { return campaign.schedule == id; });
        }
        const bool plays = evaluation.schedule || !evaluation.campaigns.empty();
        while (at < end && plays) { // hour by hour of the local clock
            const LocalTime local = m_zone.local(at);
            const LocalTime hour = std::chrono::floor<std::chrono::hours>(local);
            const Instant hour_ends = std::min(end, at + (hour + std::chrono::hours{1} - local));
            const LocalDay day = std::chrono::floor<std::chrono::days>(local);
            const unsigned weekday = std::chrono::weekday{day}.iso_encoding() - 1;
            m_week->each(hour_of_week(weekday, local - day), [&](std::size_t rank) {
                if (rank == winner || shares[rank] || noted[winner * count + rank])
                    return true;
                const Ranked& ranked = m_ranked[rank];
                if (hour_ends <= ranked.from || at >= ranked.until)
                    return true;
                const OpenState& state = m_occasions[ranked.occasion].at(at);
                if (!state.open && (!state.next_change || *state.next_change >= hour_ends))
                    return true;
                noted[winner * count + rank] = true;
                const bool no_room = rank < winner; // only a campaign can rank above what plays and apply
                found.push_back({state.open ? at : *state.next_change,
                                 winner == nothing ? Candidate{} : candidate(winner, Standing::plays),
                                 candidate(rank, no_room ? Standing::no_room : Standing::outranked)});
                return true;
            });
            at = hour_ends;
        }
        at = end;
    }
    std::sort(found.begin(), found.end(), [](const Overlap& left, const Overlap& right) { return left.from < right.from; });
    return found;
}

} // namespace capsule
