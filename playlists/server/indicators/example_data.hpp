// Days whose figures were made up for a demonstration: every report that touches them says so. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"

#include <cstdint>
#include <string_view>

namespace capsule::server {

// DDL, SQLite.
std::string_view example_data_schema();

// Local days 20261122, both included. There is no way back: the rows stay, and so does the word about them.
Result<void> mark_example_data(sqlite::Database& database, std::int64_t first_day, std::int64_t last_day);
// Whether one of these days, both included, is so marked.
Result<bool> has_example_data(sqlite::Database& database, std::int64_t first_day, std::int64_t last_day);

} // namespace capsule::server
