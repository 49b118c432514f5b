// `capsule enrol`: single-use tokens for many machines, onto a stick. Reentrant.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "playlists/cli/account.hpp"
#include "playlists/cli/terminal.hpp"

#include <string>

namespace capsule::cli {

struct EnrolOptions {
    Access access;
    std::string sites;              // sites.csv
    std::string to;                 // the stick
    std::string valid_for = "30d";
    std::string server_for_screens; // empty: the address that the command itself uses
    bool json = false;
};

Result<void> run_enrol(const EnrolOptions& options, Terminal& terminal);

} // namespace capsule::cli
