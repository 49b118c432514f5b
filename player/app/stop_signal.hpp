// SIGTERM and SIGINT, turned into a flag. For main only: there is one per process.
#pragma once

namespace capsule {

// From now on SIGTERM and SIGINT call `stop`, which must be fit for a signal handler (an atomic store). SIGPIPE is ignored.
void on_stop_signal(void (*stop)(int));

} // namespace capsule
