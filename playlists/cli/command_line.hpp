// The command line of `capsule`: which command, with which options. Reentrant.
#pragma once

#include "playlists/cli/terminal.hpp"

namespace capsule::cli {

// The exit code: 0 it is done, 1 it failed (one line on `terminal.err` says what, where and what to do), 2 it was called wrongly.
int run(int argc, const char* const* argv, Terminal& terminal);

} // namespace capsule::cli
