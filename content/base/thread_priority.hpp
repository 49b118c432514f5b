// Which threads of the player go first when the machine has too much to do. Nothing is refused aloud: where the user may not, the picture
// is as smooth as the machine is idle. Thread-safe; each speaks of the calling thread and of those that it starts from then on.
#pragma once

namespace capsule {

// The thread that puts pictures on the screen: before other programs (nice −11, what sound servers ask for; needs a right), and, by a
// short slice, before longer-working threads of the same rank (Linux 6.12 and later: sched_setattr(2), sched_runtime; needs no right).
void prefer_this_thread();

// A thread that works ahead of time: behind those, still before other programs. Where the player was started with real-time scheduling
// (SCHED_RR), one priority lower.
void defer_this_thread();

} // namespace capsule
