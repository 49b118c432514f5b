// `capsule hours`: what an opening-hours expression means, day by day. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "playlists/cli/terminal.hpp"

#include <string>

namespace capsule::cli {

struct HoursOptions {
    std::string expression;
    std::string from; // local date; empty: today (Europe/Paris)
    int days = 7;
    bool json = false;
};

// JSON: the open spans in local time, joined over midnight: [["2026-11-23T09:00","2026-11-23T12:00"],…].
Result<void> run_hours(const HoursOptions& options, Terminal& terminal);

} // namespace capsule::cli
