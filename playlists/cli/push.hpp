// `capsule push` and `capsule publish`. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "playlists/cli/account.hpp"
#include "playlists/cli/terminal.hpp"

#include <string>
#include <vector>

namespace capsule::cli {

struct PushOptions {
    Access access;
    std::string store;
    std::vector<std::string> files; // playlist.toml, schedule.toml, sites.csv, directories of places, school holidays (.ics)
};

// Everything is read and checked before anything is sent: files, capsules in the store, names that the server must know. Then
// sites and screens, capsules (only blobs that the server lacks), playlists, schedules, places. Sending twice changes nothing.
Result<void> run_push(const PushOptions& options, Terminal& terminal);

struct PublishOptions {
    Access access;
    bool json = false;
};

// Refused with the server's problems, one per line, when what was pushed does not fit together.
Result<void> run_publish(const PublishOptions& options, Terminal& terminal);

} // namespace capsule::cli
