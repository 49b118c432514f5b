// Which server this screen belongs to, when nobody told on the command line or in player.toml: the one named by the stick that it was
// enrolled with, kept as STORE/server.json. Reentrant.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "player/app/options.hpp"

namespace capsule {

// Folders among the sources, where a stick may be.
std::vector<Path> stick_folders(const Options& options);

// The options with server and, unless given, public_url. A stick is asked until the screen trusts a server, afterwards what was kept.
// Missing: no server is known yet, and no stick names one.
Result<Options> with_home_server(const Options& options, Disk& disk);

} // namespace capsule
