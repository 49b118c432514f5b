// The days themselves: enrols, plays, sends, revokes. Thread-bound.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "playlists/server/rehearsal/simulated_clock.hpp"

#include <string>

namespace capsule::server {

struct RehearsalPlan {
    std::string url;   // of the server, which runs on `clock`
    std::string token; // of an administrator
    Path data;         // its folder: what is published is read there
    Instant until{};   // midnight after the last day
};

struct Rehearsed {
    std::int64_t screens = 0, rows = 0, links = 0;
};

// From the clock's time on, hour by hour. Errors: what could not be sent, and why.
Result<Rehearsed> rehearse(const RehearsalPlan& plan, SimulatedClock& clock, Disk& disk, Random& random);

} // namespace capsule::server
