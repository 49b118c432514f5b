// Which territory a record of the draft (capsule, playlist, schedule) belongs to: that of whoever made it. It outlives the record, so
// that an id that was deleted does not change hands. Thread-safe; works on the caller's connection, in its transaction if it has one.
#pragma once

#include "content/lib/sqlite/database.hpp"
#include "playlists/server/people/territory.hpp"

#include <string_view>

namespace capsule::server {

// DDL, SQLite.
std::string_view ownership_schema();

// Everywhere when nobody was noted: records made before territories were known belong to the whole.
Result<Territory> owner_of(sqlite::Database& database, std::string_view kind, std::string_view id);
Result<bool> has_owner(sqlite::Database& database, std::string_view kind, std::string_view id);
// The first owner stays.
Result<void> note_owner(sqlite::Database& database, std::string_view kind, std::string_view id, const Territory& territory);

} // namespace capsule::server
