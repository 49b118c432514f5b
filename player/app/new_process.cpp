#include "player/app/new_process.hpp"

#include <linux/close_range.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

namespace capsule {

int replace_process(int count, char** arguments) {
    std::string wait = "--wait-for-display";
    std::vector<char*> again(arguments, arguments + count);
    bool given = false;
    for (const char* argument : again)
        given = given || wait == argument;
    if (!given)
        again.push_back(wait.data());
    again.push_back(nullptr);
    // Locks and sockets of this one end with it; threads do anyway.
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, nullptr);
    std::fflush(nullptr);
    execv("/proc/self/exe", again.data());
    std::fprintf(stderr, "capsule-player: cannot begin anew: %s\n", std::strerror(errno));
    return 1;
}

} // namespace capsule
