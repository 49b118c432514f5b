// Reads the sums of a period from the coarsest tables that can tell them, or from the showings themselves. Reentrant; reads only.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/server/indicators/dimension.hpp"
#include "playlists/server/ledger/rollups.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace capsule::server {

enum class ReportSource {
    sums, // of `ledger_sum` and `ledger_hour`
    rows, // of each showing: slow, and equal
};

// What is not needed for the dimensions is empty, or 0.
struct SumCell {
    std::int64_t period = 0; // 20261122, or 202611 where days need not be told apart
    std::int64_t hour = 0;
    std::string_view site, capsule, evidence; // valid during the call
    Sums sums;
};

// Local days, both included. Cells may come several times for the same place and time.
Result<void> read_sums(sqlite::Database& database, std::int64_t from, std::int64_t to, const Dimensions& by, ReportSource source,
                       const std::function<void(const SumCell&)>& use);

// How many screens have a showing booked in the period.
Result<std::int64_t> count_screens(sqlite::Database& database, std::int64_t from, std::int64_t to, ReportSource source);

} // namespace capsule::server
