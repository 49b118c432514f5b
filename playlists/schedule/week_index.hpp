// Which of many rules may apply or turn in an hour of the week, in their rank order: so that one instant asks few of them. Pure.
// Reentrant when built.
#pragma once

#include "playlists/schedule/occasion.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace capsule {

class WeekIndex {
public:
    static constexpr int hours = 7 * 24;

    // The next rank.
    void add(const Occasion& occasion);

    // Calls `visit` with each rank that may apply or turn in that hour of the week, ascending, while it returns true.
    template <typename Visit>
    void each(int hour, Visit visit) const {
        const auto& some = m_hours[static_cast<std::size_t>(hour)];
        auto left = m_always.begin();
        auto right = some.begin();
        while (left != m_always.end() || right != some.end()) {
            const bool first = right == some.end() || (left != m_always.end() && *left < *right);
            if (!visit(std::size_t{first ? *left++ : *right++}))
                return;
        }
    }

private:
    std::uint32_t m_added = 0;
    std::vector<std::uint32_t> m_always; // without hours
    std::array<std::vector<std::uint32_t>, hours> m_hours;
};

} // namespace capsule
