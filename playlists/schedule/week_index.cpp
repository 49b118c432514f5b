#include "playlists/schedule/week_index.hpp"

namespace capsule {

void WeekIndex::add(const Occasion& occasion) {
    const std::uint32_t rank = m_added++;
    if (occasion.always())
        m_always.push_back(rank);
    else
        occasion.hours_of_week([&](int hour) { m_hours[static_cast<std::size_t>(hour)].push_back(rank); });
}

} // namespace capsule
