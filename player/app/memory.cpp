#include "player/app/memory.hpp"

#include <malloc.h>

namespace capsule {

void settle_memory() {
    mallopt(M_MMAP_THRESHOLD, 256 << 10);
    mallopt(M_TRIM_THRESHOLD, 1 << 20);
    mallopt(M_ARENA_MAX, 2);
}

} // namespace capsule
