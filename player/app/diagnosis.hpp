// How this screen is, in words for people on site. Pure. Reentrant.
#pragma once

#include "content/base/clock.hpp"
#include "player/overlay/diagnostic_panel.hpp"
#include "playlists/sync/state.hpp"

#include <cstdint>
#include <string>

namespace capsule {

struct DiagnosisFacts {
    std::string screen;  // "France services Antony – Hall"; empty: none is assigned
    std::string device;  // its id
    std::string server;  // the address
    std::string version; // of the program
    std::string hours;   // for large downloads, as written; empty: any
    std::int64_t programme = 0, fleet = 0, now = 0; // numbers in force
    sync::State sync;
    std::int64_t free_bytes = 0; // of the disk
    bool clock_known = false;
    std::string other; // what else is wrong, for technicians; empty: nothing
};

// `at`: the monotonic time.
DiagnosticPanel diagnosis(const DiagnosisFacts& facts, Nanoseconds at);

// "à l’instant", "il y a 12 min", "il y a 3 h", "il y a 4 jours".
std::string ago(Nanoseconds span);

} // namespace capsule
