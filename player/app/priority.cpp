#include "player/app/priority.hpp"

#include <sys/resource.h>

namespace capsule {

void prefer_this_thread() {
    constexpr int ahead_of_others = -11; // what sound servers ask for
    (void)setpriority(PRIO_PROCESS, 0, ahead_of_others);
}

} // namespace capsule
