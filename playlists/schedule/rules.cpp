#include "playlists/schedule/rules.hpp"

#include <algorithm>

namespace capsule {

namespace {

constexpr std::int64_t whole = 1'000'000;
constexpr std::int64_t hour_ms = 3'600'000;
constexpr int rounds = 12; // the mean duration depends on the shares and these on it; it settles quickly

// Twice the rate per hour that serves the rule, halves being needed for "at most 1".
std::int64_t twice_least(int per_hour) { return 2 * (std::int64_t{per_hour} + 1); }
std::int64_t twice_most(int per_hour) { return per_hour == 1 ? 1 : 2 * (std::int64_t{per_hour} - 1); }

} // namespace

std::vector<std::int64_t> ruled_weights(const std::vector<RuledCapsule>& capsules) {
    std::int64_t total = 0;
    bool ruled = false;
    for (const RuledCapsule& capsule : capsules) {
        total += capsule.weight;
        ruled = ruled || capsule.at_least_per_hour || capsule.at_most_per_hour;
    }
    std::vector<std::int64_t> given;
    for (const RuledCapsule& capsule : capsules)
        given.push_back(capsule.weight);
    if (!ruled || capsules.size() < 2)
        return given;

    std::vector<std::int64_t> parts;
    for (const RuledCapsule& capsule : capsules)
        parts.push_back(std::max<std::int64_t>(1, whole * capsule.weight / total));
    bool bound = false;
    for (int round = 0; round < rounds; ++round) {
        std::int64_t sum = 0, weighted_ms = 0;
        for (std::size_t i = 0; i < capsules.size(); ++i) {
            sum += parts[i];
            weighted_ms += parts[i] * capsules[i].duration.count();
        }
        const std::int64_t mean_ms = std::max<std::int64_t>(1, weighted_ms / sum);
        // A rate r per hour is r·mean/hour of all showings.
        const auto part_of = [&](std::int64_t twice_rate) {
            return std::clamp<std::int64_t>(whole * twice_rate * mean_ms / (2 * hour_ms), 1, whole);
        };
        std::vector<std::int64_t> fixed(capsules.size(), 0);
        std::int64_t least_sum = 0, fixed_sum = 0, free_weight = total;
        for (std::size_t i = 0; i < capsules.size(); ++i) {
            const std::int64_t natural = whole * capsules[i].weight / total;
            if (capsules[i].at_least_per_hour)
                if (const auto least = part_of(twice_least(*capsules[i].at_least_per_hour)); natural < least)
                    least_sum += fixed[i] = least;
            if (capsules[i].at_most_per_hour && fixed[i] == 0)
                if (const auto most = part_of(twice_most(*capsules[i].at_most_per_hour)); natural > most)
                    fixed[i] = most;
        }
        const std::int64_t most_for_least = whole / 10 * 9;
        for (std::size_t i = 0; i < capsules.size(); ++i) {
            if (fixed[i] == 0)
                continue;
            if (capsules[i].at_least_per_hour && least_sum > most_for_least)
                fixed[i] = std::max<std::int64_t>(1, fixed[i] * most_for_least / least_sum);
            fixed_sum += fixed[i];
            free_weight -= capsules[i].weight;
            bound = true;
        }
        if (fixed_sum == 0)
            return given;
        const std::int64_t free_part = std::max<std::int64_t>(whole - fixed_sum, whole / 20);
        for (std::size_t i = 0; i < capsules.size(); ++i)
            parts[i] = fixed[i] != 0 ? fixed[i] : std::max<std::int64_t>(1, free_part * capsules[i].weight / free_weight);
    }
    return bound ? parts : given;
}

} // namespace capsule
