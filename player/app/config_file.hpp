// player.toml: the settings of a screen that is not started by hand. Reentrant.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "player/app/options.hpp"

namespace capsule {

// Fills what the command line left open: server, store, public_url, poll, sound, rotation, display. Errors name file, line and key.
Result<void> read_config(const Path& file, Disk& disk, Options& options);

} // namespace capsule
