#include "player/app/stop_signal.hpp"

#include <signal.h>

namespace capsule {

void on_stop_signal(void (*stop)(int)) {
    struct sigaction action {};
    action.sa_handler = stop;
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGINT, &action, nullptr);
    signal(SIGPIPE, SIG_IGN);
}

} // namespace capsule
