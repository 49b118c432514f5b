// All tables of server.db. A migration that was released is never changed: a new one is added.
#pragma once

#include "playlists/server/database/database.hpp"

#include <vector>

namespace capsule::server {

std::vector<Migration> server_migrations();

} // namespace capsule::server
