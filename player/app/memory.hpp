// How this program uses the C library's memory. For main only.
#pragma once

namespace capsule {

// Large pieces go back to the system as soon as they are given back: a decoder's tables live as long as a capsule, and the library would
// otherwise learn from the first ones to keep all later ones on its heap, where small survivors pin them. Threads share two heaps.
// Before there is a second thread.
void settle_memory();

} // namespace capsule
