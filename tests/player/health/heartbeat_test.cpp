#include "player/health/heartbeat.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/notify_socket.hpp"

using namespace capsule;
using namespace capsule::test;
using namespace std::chrono_literals;

namespace {

ShownFrame at(Nanoseconds when) {
    ShownFrame frame;
    frame.at = when;
    return frame;
}

} // namespace

TEST_CASE("a player is ready with its first picture, and alive once a second as long as pictures are shown") {
    NotifySocket socket;
    const ServiceManager manager(socket.address(), 60s);
    Heartbeat heartbeat(manager);
    const PlayItem item;
    heartbeat.showing_began(item, 1);
    heartbeat.showing_ended(item, {});
    heartbeat.item_failed(item, {Category::io, "gone"});
    heartbeat.key_pressed();
    CHECK(socket.heard().empty()); // without a picture nothing counts
    heartbeat.frame_shown(item, at(100s));
    CHECK(socket.heard() == std::vector<std::string>{"READY=1", "WATCHDOG=1"});
    for (auto when = 100s + 40ms; when < 103s; when += 40ms)
        heartbeat.frame_shown(item, at(when));
    CHECK(socket.heard() == std::vector<std::string>{"WATCHDOG=1", "WATCHDOG=1"});
    heartbeat.picture_renewed(110s);
    CHECK(socket.heard() == std::vector<std::string>{"WATCHDOG=1"});
}
