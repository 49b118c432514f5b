// Showings whose boot has no anchor: when they can have been. Reentrant; reads only.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace capsule::server {

// Those of one boot in one journal. A journal is written in the order of time, so what is placed before and after them bounds them;
// and they were over when they were received.
struct BoundedShowings {
    std::int64_t journal_id = 0;
    std::string boot;
    std::int64_t showings = 0, shown_ms = 0; // of capsules, shown for 1 ms or more
    std::optional<Instant> not_before;       // empty: nothing placed comes before
    Instant not_after{};
};

Result<std::vector<BoundedShowings>> bounded_showings(sqlite::Database& database);

} // namespace capsule::server
