// The draft as a programme: what would go out if it were published now. Reentrant; each call takes the caller's connection.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/model/now.hpp"
#include "playlists/model/programme.hpp"

#include <map>

namespace capsule::server {

// Every capsule of the draft, in a playlist or not.
Result<std::map<CapsuleId, Capsule>> draft_capsules(sqlite::Database& database);
// All playlists, all schedules, the capsules that they and messages that are not over name, and those that follow these. Number and date
// are not set.
Result<Programme> compose_draft(sqlite::Database& database, const NowDocument& now, Instant instant);

} // namespace capsule::server
