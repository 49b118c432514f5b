#include "content/capsule/nearest.hpp"

#include <algorithm>
#include <cstdint>

namespace capsule {

std::size_t edit_distance(std::string_view from, std::string_view to) {
    const std::size_t width = to.size() + 1;
    std::vector<std::size_t> before(width), above(width), row(width);
    for (std::size_t i = 0; i < width; ++i)
        above[i] = i;
    for (std::size_t i = 1; i <= from.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j < width; ++j) {
            const bool same = from[i - 1] == to[j - 1];
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(above);
        above.swap(row);
    }
    return above[to.size()];
}

std::optional<std::string> nearest_of(const std::vector<std::string>& known, std::string_view text) {
    if (text.empty() || text.size() > 100)
        return std::nullopt;
    std::optional<std::string> best;
    const std::size_t near_enough = std::max<std::size_t>(1, text.size() / 3);
    std::size_t best_distance = SIZE_MAX;
    for (const auto& word : known) {
        const bool part = text.size() >= 3 && word.size() >= 3 && (word.starts_with(text) || text.starts_with(word));
        const std::size_t distance = edit_distance(text, word);
        if ((part || distance <= near_enough) && distance < best_distance) {
            best_distance = distance;
            best = word;
        }
    }
    return best;
}

} // namespace capsule
