// What of a site cannot be read, with what its screens take instead. Pure. Reentrant.
#pragma once

#include "playlists/model/fleet.hpp"

#include <string>
#include <vector>

namespace capsule::server {

// One line each: opening hours that schedule/ cannot read, a time zone that the system does not know. They are kept as they are.
std::vector<std::string> site_warnings(const Site& site);
std::vector<std::string> site_warnings(const Fleet& fleet);

} // namespace capsule::server
