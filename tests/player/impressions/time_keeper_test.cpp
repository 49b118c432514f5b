#include "player/impressions/time_keeper.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/temporary_folder.hpp"

using namespace capsule;
using namespace std::chrono_literals;

namespace {

struct TestScreen {
    TemporaryFolder folder;
    SystemDisk disk;
    FakeClock clock; // boot time 1 s
    const Instant built = *parse_rfc3339("2026-11-01T00:00:00Z");
    TimeKeeper keeper() { return {clock, disk, folder.path() / "floor", built}; }
};

const Instant truth = *parse_rfc3339("2026-11-22T09:00:00Z");

} // namespace

TEST_CASE("without an anchor the time is a guess that is never before the floor") {
    TestScreen screen;
    screen.clock.set_wall(instant_from_ms(0));
    TimeKeeper keeper = screen.keeper();
    CHECK(keeper.now().utc == screen.built);
    CHECK_FALSE(keeper.now().error);
    CHECK(keeper.clock_known() == ClockKnown::no);
    CHECK_FALSE(keeper.wall_error());
    keeper.raise_floor(truth);
    CHECK(keeper.now().utc == truth);
    // A wall clock that looks right proves nothing.
    screen.clock.set_wall(truth + 24h);
    CHECK(keeper.now().utc == truth + 24h);
    CHECK(keeper.clock_known() == ClockKnown::no);
}

TEST_CASE("the server's answer bounds the time by half the round trip, whatever the wall clock does") {
    TestScreen screen;
    screen.clock.advance(300ms); // answered at 1.3 s of boot time
    TimeKeeper keeper = screen.keeper();
    const AnchorRow anchor = keeper.heard(1s, 1300ms, to_ms(truth));
    CHECK(anchor.boot_ms == 1150);
    CHECK(anchor.utc_ms == to_ms(truth));
    CHECK(anchor.error_ms == 152);
    CHECK(anchor.source == "server");
    CHECK(keeper.clock_known() == ClockKnown::yes);
    screen.clock.set_wall(instant_from_ms(0));
    screen.clock.advance(1000s);
    CHECK(keeper.now().utc == truth + 1000s + 150ms);
    CHECK(keeper.now().error == 252ms); // older by 1000 s: 100 ms of drift
    CHECK(*keeper.wall_error() > 1'700'000'000s);
}

TEST_CASE("a better anchor replaces a worse one, and an old one in time") {
    TestScreen screen;
    TimeKeeper keeper = screen.keeper();
    keeper.heard(1s, 1s, to_ms(truth));
    keeper.heard(0s, 1s, to_ms(truth + 5h));
    CHECK(keeper.now().utc == truth);
    screen.clock.advance(24h);
    const auto boot = screen.clock.boottime();
    keeper.heard(boot - 1s, boot, to_ms(truth + 24h + 3s));
    CHECK(keeper.now().utc == truth + 24h + 3500ms);
}

TEST_CASE("the floor outlives a restart, rises only, and is written at most once an hour") {
    TestScreen screen;
    {
        TimeKeeper keeper = screen.keeper();
        keeper.heard(1s, 1s, to_ms(truth));
        REQUIRE(keeper.persist());
    }
    screen.clock.set_wall(instant_from_ms(0));
    TimeKeeper keeper = screen.keeper();
    CHECK(keeper.floor() == truth - 2ms);
    CHECK(keeper.now().utc == truth - 2ms);
    keeper.raise_floor(truth + 30min);
    REQUIRE(keeper.persist());
    CHECK(screen.keeper().floor() == truth - 2ms);
    keeper.raise_floor(truth + 2h);
    REQUIRE(keeper.persist());
    CHECK(screen.keeper().floor() == truth + 2h);
    REQUIRE(write_durably(screen.disk, screen.folder.path() / "floor", "rubbish"));
    CHECK(screen.keeper().floor() == screen.built);
}
