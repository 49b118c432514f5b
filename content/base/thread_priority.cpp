#include "content/base/thread_priority.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace capsule {

namespace {

constexpr int rank_of_presenting = -11, rank_of_preparing = -5;
constexpr std::uint64_t short_slice = 100'000, usual_slice = 0; // nanoseconds

// As the kernel has it since 3.14; the C library has none before 2.41.
struct SchedulingAttributes {
    std::uint32_t size = sizeof(SchedulingAttributes);
    std::uint32_t policy = SCHED_OTHER;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0, deadline = 0, period = 0;
};

int rank() {
    errno = 0;
    return getpriority(PRIO_PROCESS, 0);
}

void ask_for(int rank_wanted, std::uint64_t slice) {
    (void)setpriority(PRIO_PROCESS, 0, rank_wanted);
    if (sched_getscheduler(0) != SCHED_OTHER)
        return; // somebody has given it more than we would ask for
    SchedulingAttributes attributes;
    attributes.nice = rank();
    attributes.runtime = slice;
    (void)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

} // namespace

void prefer_this_thread() { ask_for(rank_of_presenting, short_slice); }

void defer_this_thread() {
    sched_param real_time{};
    if (sched_getscheduler(0) == SCHED_RR && sched_getparam(0, &real_time) == 0 && real_time.sched_priority > 1) {
        --real_time.sched_priority;
        (void)sched_setscheduler(0, SCHED_RR, &real_time);
    }
    ask_for(rank() < rank_of_preparing ? rank_of_preparing : rank(), usual_slice);
}

} // namespace capsule
