// How syncing stands, for the health report, the console and the diagnostic card. Reentrant values.
#pragma once

#include "content/base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace capsule::sync {

enum class Trouble {
    none,
    unreachable,    // no source answers
    not_a_release,  // something answers that is no release, or a file of it is wrong
    older,          // the source offers less than what is in force
    not_understood, // made for a newer program
    disk_full,
    disk_failed,
    untrusted,  // signed metadata do not hold: detail bears the code, such as [rollback]
    stale,      // signed metadata are out of date: whoever answers may be holding news back
    incomplete, // a blob cannot be had
};

struct Problem {
    Trouble trouble = Trouble::none;
    std::string detail; // one line for technicians
    bool operator==(const Problem&) const = default;
};

struct State {
    Problem problem;                    // the gravest one, or none
    std::optional<Nanoseconds> contact; // monotonic time at which a source last answered rightly
    std::size_t blobs_missing = 0;      // for what is wanted on this screen
    std::uint64_t bytes_missing = 0;
    bool waits_for_hours = false; // all that is missing is large, and its hours have not come
    bool up_to_date = false; // what the source last offered is in force
    bool operator==(const State&) const = default;
};

// "unreachable": for logs and reports.
const char* to_string(Trouble trouble);
// "C10": what somebody on site reads to somebody on the phone; table in README.md.
const char* support_code(Trouble trouble);
// One short sentence for people on site, in French; empty for none.
std::string in_french(Trouble trouble);

} // namespace capsule::sync
