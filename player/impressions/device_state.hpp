// What a screen says of itself to the server, once a minute and when it changes. Reentrant.
#pragma once

#include <cstdint>
#include <string>

namespace capsule {

struct DeviceState {
    std::int64_t programme = 0, fleet = 0, now = 0; // numbers of the documents in force; 0: none
    std::string player;                             // version of this program
    std::string boot;
    std::int64_t boot_ms = 0, wall_ms = 0;
    std::string playing; // capsule on screen; empty: none
    std::int64_t free_bytes = 0;
    std::int64_t backlog = 0; // rows that the server does not have
    std::string reason;       // why things are not as they should be; empty: they are
};

// The body of POST /api/v1/state.
std::string to_state_json(const DeviceState& state);
// Of two states, whether the server should learn of the difference at once.
bool worth_telling(const DeviceState& before, const DeviceState& after);

} // namespace capsule
