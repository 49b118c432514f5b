// `capsule export`: the release and its blobs as a folder, which a screen takes like any other source. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "playlists/cli/account.hpp"
#include "playlists/cli/terminal.hpp"

#include <string>

namespace capsule::cli {

struct ExportOptions {
    Access access;
    std::string to;     // the folder; made when it is not there
    std::string screen; // only what this screen needs; empty: what any screen needs
};

// Blobs first, timestamp.json last: a folder that was exported before stays a whole release until the new one is. What is there
// already is not fetched again. Nothing is signed here: screens verify the folder by the same signatures as the server's.
Result<void> run_export(const ExportOptions& options, Terminal& terminal);

} // namespace capsule::cli
