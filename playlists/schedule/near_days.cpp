#include "playlists/schedule/near_days.hpp"

namespace capsule {

std::optional<NearDays> near_days(LocalDay day, const Zone& zone, const Calendar& calendar) {
    constexpr std::chrono::days around{2};
    NearDays found;
    found.day = day;
    const auto steady = zone.steady(Instant{day.time_since_epoch()});
    found.midnight = Instant{day.time_since_epoch()} - steady.offset;
    if (found.midnight < steady.from + around || found.midnight >= steady.until - around - std::chrono::days{1})
        return std::nullopt;
    for (std::size_t i = 0; i < found.rules.size(); ++i)
        found.rules[i] = rule_day(day + std::chrono::days{static_cast<int>(i) - 2}, calendar);
    return found;
}

} // namespace capsule
