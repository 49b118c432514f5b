// What stands in the way of publishing a programme. Pure but for looking whether blobs are there. Reentrant.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/store/store.hpp"
#include "playlists/model/fleet.hpp"
#include "playlists/model/programme.hpp"

#include <string>
#include <vector>

namespace capsule::server {

struct PublishingFindings {
    std::vector<std::string> problems; // every one at once, in the order of the programme: its place and remedy. Empty: it can go out
    std::vector<std::string> warnings; // what its author may not expect, likewise
};

// What cannot be met (hourly rules, spacing, shares of campaigns) is a problem; gaps, overlaps that only a name decides, places that a
// schedule never reaches are warnings.
PublishingFindings publishing_findings(const Programme& programme, const Fleet& fleet, const Store& store, Instant now);

// Invalid when a schedule's `when` cannot be read.
Result<void> readable_when(const Schedule& schedule);

} // namespace capsule::server
