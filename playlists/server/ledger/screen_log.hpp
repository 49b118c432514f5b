// What one screen did lately, newest first, for whoever looks after it. Reentrant; takes the caller's connection.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"

#include <string>

namespace capsule::server {

// {"entries": [{"at", "item", "capsule", "playlist", "end", "shown_ms", "due_ms"}]}: the newest 60 showings of any item of the last eight
// local days that are placed in time.
Result<std::string> screen_log(sqlite::Database& database, const std::string& screen, Instant now);

} // namespace capsule::server
