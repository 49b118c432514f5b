// Which capsules may be shown next so that every share is kept for ever. Pure. Reentrant.
//
// The k-th showing of a capsule of weight w among the total W keeps |c − N·w/W| < 1 exactly when it comes in the slots
// floor((k−1)·W/w)+1 … ceil(k·W/w) (counted from 1). Unit jobs in such windows can all be placed if, for every slot b, at most
// b − N of the showings still to come are due by b (Hall's condition for intervals; windows that open later only concern each
// other and always fit). So a capsule may be taken now if its own window is open and closes no later than the first slot b at
// which exactly b − N showings are due. See Tijdeman, Discrete Mathematics 32 (1980); Baruah et al., Algorithmica 15 (1996).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace capsule {

struct Share {
    std::int64_t weight = 1; // 1 … 10^6
    std::int64_t count = 0;  // showings so far
};

struct ShareChoices {
    // Whether the bound holds and can be kept. If not, nothing else below is filled.
    bool sound = false;
    std::vector<std::size_t> safe;        // indices, ascending; never empty when sound
    std::vector<std::int64_t> deadlines;  // of every capsule's next showing
    std::int64_t full_at = 0;             // the first slot up to which just what is due by then fits, as far as was looked
};

// How far ahead to look: `near` is enough to go on from a sound state; `whole` also proves that a state of unknown origin is sound.
enum class Outlook { near, whole };

ShareChoices share_choices(const std::vector<Share>& shares, Outlook outlook);

} // namespace capsule
