// Asks the system to let this thread, and those that it starts from now on, go before others. Thread-safe.
#pragma once

namespace capsule {

// Refused without a word where the user may not: the picture is then as smooth as the machine is idle.
void prefer_this_thread();

} // namespace capsule
