// What a playlist would show in an hour, before it is kept: for whoever is arranging it. Reentrant; takes the caller's connection.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/model/fleet.hpp"

#include <string>
#include <string_view>

namespace capsule::server {

// `request`: {"playlist": record, "screen": id or null}. The answer: JSON as the API says. The playlist is taken as if it alone played
// there all the time; without a screen, on one that has what every capsule needs, in French. Its capsules and the playlists inside it
// are the draft's. Invalid: the record cannot be read, or there is no such screen.
Result<std::string> preview_playlist(sqlite::Database& database, const Fleet& fleet, const std::string& id, std::string_view request,
                                     Instant now);

} // namespace capsule::server
