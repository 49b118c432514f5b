// Which of the known words is meant by a mistyped one. Reentrant.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other (bytes, as they stand).
std::size_t edit_distance(std::string_view from, std::string_view to);
// The nearest of `known`, or the one that `text` begins or is the beginning of; empty when none is near enough to be meant.
std::optional<std::string> nearest_of(const std::vector<std::string>& known, std::string_view text);

} // namespace capsule
