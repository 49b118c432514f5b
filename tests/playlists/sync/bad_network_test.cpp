// A whole release through a proxy that treats connections badly. The rounds that CAPSULE_BAD_NETWORKS asks for, a few without it.
#include "content/base/log.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fault_proxy.hpp"
#include "tests/playlists/sync/machine.hpp"
#include "tests/playlists/sync/test_source.hpp"

#include <cstdio>
#include <cstdlib>

using namespace capsule;
using namespace capsule::sync;

namespace {

int rounds(int few) {
    const char* asked = std::getenv("CAPSULE_BAD_NETWORKS");
    return asked ? std::atoi(asked) : few;
}

struct TestScreen : Machine {
    TestScreen() { set_log_level(LogLevel::error); }
    ActiveRelease sync(const std::string& address, int attempts) {
        HttpSource source(address, impatient());
        return Machine::sync(source, attempts);
    }
};

std::uint16_t port_of(const FaultyHttpServer& server) {
    return static_cast<std::uint16_t>(std::atoi(server.address().substr(server.address().rfind(':') + 1).c_str()));
}

std::string answer(const std::string& head, const std::string& body = "") {
    return "HTTP/1.1 " + head + "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

} // namespace

TEST_CASE("twenty cuts at random bytes cost at most a twentieth more than what was missing, headers and all") {
    double worst = 0;
    for (int round = 0; round < rounds(4); ++round) {
        TestRelease old, next;
        old.add_capsule("une", noise(50'000, 1));
        old.seal();
        next = old;
        std::size_t missing = 0;
        for (int i = 0; i < 4; ++i)
            missing += next.add_capsule("film-" + std::to_string(i), noise(700'000, static_cast<std::uint64_t>(10 + i))).bytes;
        next.release.programme.number = 2;
        next.seal();
        missing += next.index.programme->bytes;
        FaultyHttpServer server;
        serve(server, old);
        TestScreen screen;
        REQUIRE(screen.sync(server.address(), 20).index == old.index);
        serve(server, next);

        SeededRandom dice(static_cast<std::uint64_t>(round) + 77);
        const FaultProxy* self = nullptr;
        FaultProxy proxy(port_of(server), [&](std::size_t) {
            FaultProxy::Plan plan;
            if (self->cuts() < 20) {
                plan.cut_after = 1 + dice.number() % 250'000;
                plan.reset = dice.number() % 3 == 0;
            }
            return plan;
        });
        self = &proxy;
        (void)screen.sync(proxy.address(), 200);
        INFO("round " << round);
        REQUIRE(screen.state.up_to_date);
        REQUIRE(screen.holds(next));
        CHECK(proxy.cuts() >= 10);
        const double ratio = static_cast<double>(proxy.to_client()) / static_cast<double>(missing);
        worst = std::max(worst, ratio);
        CHECK(ratio <= 1.05);
    }
    std::printf("bytes received / bytes missing, with cuts: %.4f at worst\n", worst);
}

TEST_CASE("whatever a line does to each connection, the right bytes come in the end") {
    TestRelease release;
    for (int i = 0; i < 3; ++i)
        release.add_capsule("film-" + std::to_string(i), noise(120'000, static_cast<std::uint64_t>(20 + i)));
    release.seal();
    const std::string portal = answer("200 OK\r\nContent-Type: text/html", "<html>Bienvenue, connectez-vous</html>");
    for (int round = 0; round < rounds(6); ++round) {
        FaultyHttpServer server;
        serve(server, release);
        SeededRandom dice(static_cast<std::uint64_t>(round) + 1000);
        std::string own_address;
        FaultProxy proxy(port_of(server), [&](std::size_t connection) {
            FaultProxy::Plan plan;
            if (connection > 60)
                return plan; // the line gets better
            switch (dice.number() % 9) {
            case 0:
                plan.cut_after = dice.number() % 60'000;
                break;
            case 1:
                plan.cut_after = dice.number() % 60'000;
                plan.reset = true;
                break;
            case 2:
                plan.drip = 2'000;
                break;
            case 3:
                plan.instead = portal;
                break;
            case 4:
                plan.instead = answer("302 Found\r\nLocation: " + own_address + "/"); // to itself, for ever
                break;
            case 5:
                plan.instead = "HTTP/1.1 200 OK\r\nContent-Length: 120000\r\n\r\nshort";
                break;
            case 6:
                plan.instead = answer("200 OK", "not what was asked for");
                break;
            case 7:
                plan.instead = answer("206 Partial Content\r\nContent-Range: bytes 7-9/120000", "lie");
                break;
            default:
                break;
            }
            return plan;
        });
        own_address = proxy.address();
        TestScreen screen;
        const auto active = screen.sync(proxy.address(), 400);
        INFO("round " << round);
        CHECK(active.index == release.index);
        CHECK(screen.holds(release));
    }
}

TEST_CASE("behind a captive portal the last good release stays, and the reason is told") {
    TestRelease release;
    release.add_capsule("une", noise(5'000, 1));
    release.seal();
    FaultyHttpServer server;
    serve(server, release);
    TestScreen screen;
    REQUIRE(screen.sync(server.address(), 20).index == release.index);
    const bool redirects = GENERATE(false, true);
    std::string own_address;
    FaultProxy proxy(port_of(server), [&](std::size_t) {
        FaultProxy::Plan plan;
        plan.instead = redirects ? answer("302 Found\r\nLocation: " + own_address + "/") : answer("200 OK\r\nContent-Type: text/html", "<html></html>");
        return plan;
    });
    own_address = proxy.address();
    CHECK(screen.sync(proxy.address(), 5).index == release.index);
    CHECK(screen.state.problem.trouble == Trouble::not_a_release);
    CHECK(proxy.connections() <= 6); // no redirect is followed
}
