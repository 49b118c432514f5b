#include "playlists/schedule/shares.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

namespace capsule {

namespace {

// Showings looked at ahead. A capsule that is due later than that is only taken when it is the most urgent, which is always safe.
constexpr std::size_t near_showings = 96;
constexpr std::size_t whole_showings = 20'000;

std::int64_t ceil_div(std::int64_t dividend, std::int64_t divisor) { return (dividend + divisor - 1) / divisor; }

} // namespace

ShareChoices share_choices(const std::vector<Share>& shares, Outlook outlook) {
    ShareChoices choices;
    std::int64_t common = 0, total = 0, shown = 0;
    for (const Share& share : shares)
        common = std::gcd(common, share.weight);
    for (const Share& share : shares) {
        total += share.weight / common;
        shown += share.count;
    }
    const auto weight = [&](std::size_t i) { return shares[i].weight / common; };
    const auto deadline = [&](std::size_t i, std::int64_t showing) { return ceil_div(showing * total, weight(i)); };

    std::vector<std::size_t> released;
    std::int64_t farthest = 0, horizon = 0, most_urgent = std::numeric_limits<std::int64_t>::max();
    std::vector<std::int64_t> deadlines(shares.size());
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const std::int64_t ahead = shares[i].count * total - shown * weight(i); // total × (c − N·w/W)
        if (ahead >= total || ahead <= -total)
            return choices;
        deadlines[i] = deadline(i, shares[i].count + 1);
        horizon = std::max(horizon, deadline(i, shares[i].count));
        if (shares[i].count * total < (shown + 1) * weight(i)) {
            released.push_back(i);
            farthest = std::max(farthest, deadlines[i]);
            most_urgent = std::min(most_urgent, deadlines[i]);
        }
    }
    if (released.empty())
        return choices;

    // Walks the coming deadlines in order, counting what is due.
    using Coming = std::pair<std::int64_t, std::size_t>;
    std::vector<Coming> coming;
    coming.reserve(shares.size());
    for (std::size_t i = 0; i < shares.size(); ++i)
        coming.emplace_back(deadlines[i], i);
    std::make_heap(coming.begin(), coming.end(), std::greater<>{});
    std::vector<std::int64_t> showing(shares.size());
    for (std::size_t i = 0; i < shares.size(); ++i)
        showing[i] = shares[i].count + 1;

    const bool whole = outlook == Outlook::whole;
    const std::int64_t look_until = whole ? std::max(farthest, horizon) : farthest;
    const std::size_t most = whole ? whole_showings : near_showings;
    std::int64_t due = 0, looked_at = shown, safe_until = 0;
    while (safe_until == 0 || whole) {
        const std::int64_t slot = coming.front().first;
        if (slot > look_until) {
            looked_at = look_until;
            break;
        }
        if (due > 0 && static_cast<std::size_t>(due) >= most)
            break;
        while (coming.front().first == slot) {
            std::pop_heap(coming.begin(), coming.end(), std::greater<>{});
            const std::size_t i = coming.back().second;
            coming.back().first = deadline(i, ++showing[i]);
            std::push_heap(coming.begin(), coming.end(), std::greater<>{});
            ++due;
        }
        looked_at = slot;
        if (due > slot - shown)
            return choices;
        if (due == slot - shown && safe_until == 0)
            safe_until = slot;
    }
    if (safe_until == 0)
        safe_until = looked_at;

    for (std::size_t i : released)
        if (deadlines[i] <= safe_until || deadlines[i] == most_urgent)
            choices.safe.push_back(i);
    choices.deadlines = std::move(deadlines);
    choices.sound = true;
    return choices;
}

} // namespace capsule
