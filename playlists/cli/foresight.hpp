// `capsule simulate` and `capsule explain`: what a screen will play, and why this and not that. Thread-bound.
#pragma once

#include "content/base/result.hpp"
#include "playlists/cli/account.hpp"
#include "playlists/cli/terminal.hpp"

#include <string>

namespace capsule::cli {

struct ForesightOptions {
    std::string screen;
    std::string from, to, at; // local to the screen's site
    std::string release;      // folder with programme.json, fleet.json and perhaps now.json; empty: what the server has published
    bool json = false;
    Access access;
};

Result<void> run_simulate(const ForesightOptions& options, Terminal& terminal);
Result<void> run_explain(const ForesightOptions& options, Terminal& terminal);

} // namespace capsule::cli
