#include "content/base/service_manager.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/notify_socket.hpp"

#include <cstdlib>
#include <unistd.h>

using namespace capsule;
using namespace capsule::test;

TEST_CASE("whoever listens on the notification socket hears that the process is ready, alive, stopping") {
    NotifySocket socket;
    const ServiceManager manager(socket.address(), std::chrono::seconds(30));
    manager.ready();
    manager.status("une ligne");
    manager.alive();
    manager.stopping();
    CHECK(socket.heard() == std::vector<std::string>{"READY=1", "STATUS=une ligne", "WATCHDOG=1", "STOPPING=1"});
    CHECK(manager.watchdog() == Nanoseconds(std::chrono::seconds(30)));
}

TEST_CASE("an abstract notification socket is reached too") {
    NotifySocket socket("@capsule-test-" + std::to_string(::getpid()));
    ServiceManager(socket.address(), std::nullopt).ready();
    CHECK(socket.heard() == std::vector<std::string>{"READY=1"});
}

TEST_CASE("nothing is sent, and nothing waits, where nobody listens any more or nobody reads") {
    ServiceManager("", std::nullopt).ready();
    ServiceManager("/nowhere/at/all", std::nullopt).ready();
    ServiceManager(std::string(300, '/'), std::nullopt).ready();
    NotifySocket socket;
    const ServiceManager manager(socket.address(), std::nullopt);
    for (int i = 0; i < 100'000; ++i) // far beyond what a socket holds
        manager.alive();
    CHECK(!socket.heard().empty());
}

TEST_CASE("the watchdog's span is the environment's, when it is meant for this process") {
    ::setenv("WATCHDOG_USEC", "3000000", 1);
    ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
    CHECK(ServiceManager().watchdog() == Nanoseconds(std::chrono::seconds(3)));
    ::setenv("WATCHDOG_PID", "1", 1);
    CHECK_FALSE(ServiceManager().watchdog());
    ::unsetenv("WATCHDOG_PID");
    ::unsetenv("WATCHDOG_USEC");
    CHECK_FALSE(ServiceManager().watchdog());
}
