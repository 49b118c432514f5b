// `capsule-player --server URL`: what a screen in a waiting room does.
#pragma once

#include "player/app/options.hpp"

namespace capsule {

// The program's exit code.
int run_server_mode(const Options& options);

} // namespace capsule
