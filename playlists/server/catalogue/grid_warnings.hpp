// What a programme's schedules will do that its author may not expect: places that they never reach, overlaps that only a name
// decides, gaps. Pure. Reentrant.
#pragma once

#include "playlists/model/fleet.hpp"
#include "playlists/model/programme.hpp"

#include <string>
#include <vector>

namespace capsule::server {

struct GridFindings {
    std::vector<std::string> problems; // what cannot be met: campaigns without room
    std::vector<std::string> warnings; // one line each: what, where, what to do
};

// Looks ahead from `now`, two weeks at least and a year at most, the less the more screens and schedules there are. Screens with the same
// schedules and hours are looked at once.
GridFindings grid_findings(const Programme& programme, const Fleet& fleet, Instant now);

} // namespace capsule::server
