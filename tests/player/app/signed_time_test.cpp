#include "player/app/sync_setup.hpp"
#include "playlists/sync/folder_source.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/power_cut_disk.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/playlists/sync/test_release.hpp"

using namespace capsule;

// A stick as lower bound: a screen without a battery clock knows afterwards that it is not earlier.
TEST_CASE("a release that was verified raises the floor of the screen's clock, and the floor outlives a restart") {
    TemporaryFolder stick;
    SystemDisk stick_disk;
    const TestRelease release;
    write_files(stick.path(), release.files());
    sync::FolderSource source(stick_disk, stick.path());
    FakeClock clock;
    clock.set_wall(instant_from_ms(0));
    PowerCutDisk disk;
    REQUIRE(disk.make_directories("/s"));
    {
        TimeKeeper time(clock, disk, "/s/time-floor", instant_from_ms(0));
        sync::ReleaseTrust trust(disk, "/s/trust", clock, trust_settings("", time));
        REQUIRE(std::holds_alternative<sync::IndexChanged>(trust.poll(source, "")));
        CHECK(time.floor() == test_signed_at);
        CHECK(time.now().utc == test_signed_at);
        CHECK_FALSE(time.now().error); // a lower bound is no clock
        REQUIRE(time.persist());
    }
    CHECK(TimeKeeper(clock, disk, "/s/time-floor", instant_from_ms(0)).floor() == test_signed_at);
}

TEST_CASE("what the screen knows of the time is what a release is held against") {
    FakeClock clock;
    PowerCutDisk disk;
    const Instant built = instant_from_ms(1'795'000'000'000);
    TimeKeeper time(clock, disk, "/floor", built);
    const auto settings = trust_settings("", time);
    CHECK_FALSE(settings.known_time().utc);
    CHECK(settings.known_time().floor == built);
    time.heard(clock.boottime(), clock.boottime(), to_ms(built) + 5000);
    REQUIRE(settings.known_time().utc);
    CHECK(*settings.known_time().utc == built + Milliseconds(5000));
}
