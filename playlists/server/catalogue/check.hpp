// What stands in the way of publishing a programme. Pure but for looking whether blobs are there. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "content/store/store.hpp"
#include "playlists/model/fleet.hpp"
#include "playlists/model/programme.hpp"

#include <string>
#include <vector>

namespace capsule::server {

// Every problem at once, in the order of the programme: each one line with its place and remedy. Empty: it can go out.
// `today` is a local date "2026-11-22".
std::vector<std::string> publishing_problems(const Programme& programme, const Fleet& fleet, const Store& store,
                                             const std::string& today);

// Invalid when a schedule's `when` cannot be read.
Result<void> readable_when(const Schedule& schedule);

} // namespace capsule::server
