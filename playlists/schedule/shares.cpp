#include "playlists/schedule/shares.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace capsule {

namespace {

// Showings looked at ahead. A capsule that is due later than that is only taken when it is the most urgent, which is always safe.
constexpr std::size_t near_showings = 96;
constexpr std::size_t whole_showings = 20'000;

std::int64_t ceil_div(std::int64_t dividend, std::int64_t divisor) { return (dividend + divisor - 1) / divisor; }

} // namespace

ShareChoices share_choices(const std::vector<Share>& shares, Outlook outlook) {
    const bool whole = outlook == Outlook::whole;
    ShareChoices choices;
    std::int64_t common = 0, total = 0, shown = 0;
    for (std::size_t i = 0; i < shares.size() && common != 1; ++i)
        common = std::gcd(common, shares[i].weight);
    std::vector<std::int64_t> weights(shares.size());
    for (std::size_t i = 0; i < shares.size(); ++i) {
        weights[i] = common == 1 ? shares[i].weight : shares[i].weight / common;
        total += weights[i];
        shown += shares[i].count;
    }
    const auto deadline = [&](std::size_t i, std::int64_t showing) { return ceil_div(showing * total, weights[i]); };

    std::vector<std::size_t> released;
    released.reserve(shares.size());
    std::int64_t farthest = 0, horizon = 0, most_urgent = std::numeric_limits<std::int64_t>::max();
    std::vector<std::int64_t> deadlines(shares.size());
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const std::int64_t ahead = shares[i].count * total - shown * weights[i]; // total × (c − N·w/W)
        if (ahead >= total || ahead <= -total)
            return choices;
        deadlines[i] = deadline(i, shares[i].count + 1);
        if (whole)
            horizon = std::max(horizon, deadline(i, shares[i].count));
        if (shares[i].count * total < (shown + 1) * weights[i]) {
            released.push_back(i);
            farthest = std::max(farthest, deadlines[i]);
            most_urgent = std::min(most_urgent, deadlines[i]);
        }
    }
    if (released.empty())
        return choices;

    // How many showings are due at each of the coming slots. As a sound state lags by less than one showing of each capsule, `most` of
    // them are due within `most` slots and one for each capsule.
    const std::size_t most = whole ? whole_showings : near_showings;
    const std::int64_t look_until =
        std::min(whole ? std::max(farthest, horizon) : farthest, shown + static_cast<std::int64_t>(most + shares.size()));
    std::vector<std::uint32_t> due_at(static_cast<std::size_t>(look_until - shown) + 1);
    for (std::size_t i = 0; i < shares.size(); ++i) {
        if (deadlines[i] > look_until)
            continue;
        // ceil(k·total/weight) for k = count + 1, count + 2, …
        const std::int64_t step = total / weights[i], part = total % weights[i];
        std::int64_t slot = deadlines[i], above = slot * weights[i] - (shares[i].count + 1) * total; // 0 … weight − 1
        while (slot <= look_until) {
            if (slot <= shown)
                return choices;
            ++due_at[static_cast<std::size_t>(slot - shown)];
            slot += step;
            above -= part;
            if (above < 0) {
                above += weights[i];
                ++slot;
            }
        }
    }
    std::int64_t due = 0, looked_at = shown, safe_until = 0;
    for (std::int64_t slot = shown + 1; slot <= look_until && (safe_until == 0 || whole); ++slot) {
        if (due > 0 && static_cast<std::size_t>(due) >= most)
            break;
        due += due_at[static_cast<std::size_t>(slot - shown)];
        looked_at = slot;
        if (due > slot - shown)
            return choices;
        if (due == slot - shown && safe_until == 0)
            safe_until = slot;
    }
    if (safe_until == 0)
        safe_until = looked_at;

    std::erase_if(released, [&](std::size_t i) { return deadlines[i] > safe_until && deadlines[i] != most_urgent; });
    choices.safe = std::move(released);
    choices.deadlines = std::move(deadlines);
    choices.full_at = safe_until;
    choices.sound = true;
    return choices;
}

} // namespace capsule
