// A local day with those around it, as rules see them, where no clock is changed near: there, minutes of the day are instants. What
// is shared by all who are asked about that day. Pure. Reentrant.
#pragma once

#include "playlists/schedule/hours.hpp"

#include <array>
#include <optional>

namespace capsule {

struct NearDays {
    LocalDay day{};
    Instant midnight{};             // at which it begins
    std::array<RuleDay, 4> rules{}; // of the second day before it … the day after it
};

// Empty when the clocks are changed within two days of it.
std::optional<NearDays> near_days(LocalDay day, const Zone& zone, const Calendar& calendar);

} // namespace capsule
