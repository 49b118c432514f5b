// The machine loses power at every write of a whole sync, in turn.
#include "content/base/log.hpp"
#include "playlists/sync/device_key.hpp"
#include "playlists/sync/folder_source.hpp"
#include "tests/fakes/power_cut_disk.hpp"
#include "tests/playlists/sync/machine.hpp"

using namespace capsule;
using namespace capsule::sync;

namespace {

const Path store_path = "/store";

struct World {
    TemporaryFolder folder;
    SystemDisk system;
    FolderSource source{system, folder.path()};
    FakeClock clock;
    SeededRandom random{11};

    World() { set_log_level(LogLevel::error); }
    void publish(const TestRelease& release) { write_files(folder.path(), release.files()); }
    // One start of the machine; empty when even that failed.
    std::optional<ActiveRelease> sync(PowerCutDisk& disk) {
        auto session = start_and_sync(disk, store_path, source, clock, random, 4);
        return session ? std::optional(session->active) : std::nullopt;
    }
    // What a start finds, and whether all that it needs is there, byte for byte.
    static bool whole(PowerCutDisk& disk, const ActiveRelease& found) {
        Store store(disk, store_path);
        for (const auto& blob : blobs_needed_on(*found.release, test_device))
            if (!store.verify(blob.sha256).ok())
                return false;
        return true;
    }
};

TestRelease first_release() {
    TestRelease release;
    release.add_capsule("une", std::string(3000, '1'));
    release.seal();
    return release;
}

TestRelease second_release() {
    TestRelease release = first_release();
    release.add_capsule("deux", std::string(5000, '2'));
    release.withdraw("rien");
    release.release.programme.number = release.release.fleet.number = release.release.now.number = 2;
    release.seal();
    return release;
}

bool is_one_of(const std::optional<DocumentEntry>& entry, const std::optional<DocumentEntry>& old,
               const std::optional<DocumentEntry>& next) {
    return entry == old || entry == next;
}

} // namespace

TEST_CASE("power may go at any write of a sync: the old or the new release is found, whole, and the next start ends the work") {
    const auto names = GENERATE(PowerCutDisk::Names::forgotten, PowerCutDisk::Names::kept);
    const auto old = first_release();
    const auto next = second_release();
    std::size_t cuts = 0;
    for (std::size_t at = 1;; ++at) {
        World world;
        PowerCutDisk disk;
        world.publish(old);
        REQUIRE(world.sync(disk)->index == old.index);
        world.publish(next);
        disk.restart(PowerCutDisk::Names::kept);
        disk.cut_at(at);
        (void)world.sync(disk);
        if (!disk.was_cut())
            break;
        ++cuts;
        disk.restart(names);
        ActiveStore active(disk, store_path);
        const auto found = active.load();
        INFO("cut at write " << at);
        REQUIRE(found.problems.empty());
        for (const DocumentKind kind : all_document_kinds)
            REQUIRE(is_one_of(found.active.index.entry(kind), old.index.entry(kind), next.index.entry(kind)));
        REQUIRE(World::whole(disk, found.active));
        const auto after = world.sync(disk);
        REQUIRE(after);
        REQUIRE(after->index == next.index);
        REQUIRE(World::whole(disk, *after));
    }
    CHECK(cuts > 20);
}

TEST_CASE("each write of a sync may fail once: a later try succeeds") {
    const auto category = GENERATE(Category::io, Category::no_space);
    const auto release = first_release();
    for (std::size_t at = 1;; ++at) {
        World world;
        PowerCutDisk disk;
        world.publish(release);
        disk.fail_at(at, {category, "it failed once"});
        auto active = world.sync(disk);
        if (!active) // the store could not even be prepared: the program starts again
            active = world.sync(disk);
        INFO("failure at write " << at);
        REQUIRE(active);
        REQUIRE(active->index == release.index);
        REQUIRE(World::whole(disk, *active));
        if (disk.calls() < at)
            break;
    }
}

TEST_CASE("without fsync the same cuts do lose a release, so the test above can fail") {
    const auto old = first_release();
    bool lost = false;
    for (std::size_t at = 1; at < 60 && !lost; ++at) {
        World world;
        PowerCutDisk disk;
        disk.ignore_syncs();
        world.publish(old);
        disk.cut_at(at);
        (void)world.sync(disk);
        disk.restart(PowerCutDisk::Names::kept);
        const auto found = ActiveStore(disk, store_path).load();
        lost = !found.problems.empty() || !World::whole(disk, found.active);
    }
    CHECK(lost);
}

TEST_CASE("a machine keeps the key of its first start") {
    PowerCutDisk disk;
    SeededRandom random(5);
    REQUIRE(disk.make_directories(store_path).ok());
    REQUIRE(disk.sync_directory("/").ok());
    const auto first = load_or_make_device_key(disk, store_path / "device.key", random);
    REQUIRE(first.ok());
    disk.restart(PowerCutDisk::Names::forgotten);
    const auto second = load_or_make_device_key(disk, store_path / "device.key", random);
    REQUIRE(second.ok());
    CHECK(first->public_key() == second->public_key());
    disk.rot(store_path / "device.key", 64); // the line's end
    const auto third = load_or_make_device_key(disk, store_path / "device.key", random);
    REQUIRE_FALSE(third.ok());
    CHECK(third.error().category == Category::invalid);
}
