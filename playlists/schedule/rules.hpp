// From what a playlist asks (weights, at least and at most per hour) to the weights that its shares are made with. Pure. Reentrant.
#pragma once

#include "content/base/clock.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace capsule {

struct RuledCapsule {
    std::int64_t weight = 1;
    std::optional<int> at_least_per_hour, at_most_per_hour;
    Milliseconds duration{0}; // above zero
};

// The weights as given while they meet the hourly rules by themselves; otherwise parts of a million. A share then deviates by
// less than 2 over any stretch, so "at least k" is served with the rate k + 1 and "at most k" with k − 1 (a half for 1).
// Where "at least" asks for more than nine tenths of the time in all, each gets its part of that.
std::vector<std::int64_t> ruled_weights(const std::vector<RuledCapsule>& capsules);

} // namespace capsule
