// In which order the playlists of a screen come on: for whoever fetches what is needed soonest first. Pure. Reentrant.
#pragma once

#include "playlists/schedule/evaluate.hpp"

#include <vector>

namespace capsule {

// Every playlist that is scheduled on this screen, each once:
//   - what plays at `instant`, campaigns included;
//   - the default loop, which a screen falls back on that has lost the time, after any loss of power;
//   - the others as the schedule brings them, within two weeks and a thousand changes from there;
//   - those that it brings later or never, by rank.
// Where the clock is not known, the default loop, then the others by rank.
std::vector<PlaylistId> soonest_first(const Release& release, const ScreenId& screen, Instant instant, ClockKnown clock_known);

} // namespace capsule
