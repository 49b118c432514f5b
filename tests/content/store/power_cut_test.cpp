// Every crash point of adding a blob, on a disk that forgets what was not synced.
#include "content/store/store.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/power_cut_disk.hpp"

using namespace capsule;

namespace {

const std::string content(2'500'000, 'v'); // three pieces

enum class Outcome { absent, whole, torn };

Outcome look(PowerCutDisk& disk, const Digest& digest) {
    Store store(disk, "/store");
    const auto listed = store.list();
    REQUIRE(listed);
    const bool is_listed = std::find(listed->begin(), listed->end(), digest) != listed->end();
    CHECK(is_listed == store.has(digest));
    if (!store.has(digest))
        return Outcome::absent;
    return store.verify(digest) ? Outcome::whole : Outcome::torn;
}

// Adds, loses power at the `call`th change after prepare, comes back. `done` tells whether add returned well.
Outcome cut_while_adding(std::size_t call, PowerCutDisk::Names names, bool syncs, bool& done) {
    PowerCutDisk disk;
    Store store(disk, "/store");
    REQUIRE(store.prepare());
    disk.restart(PowerCutDisk::Names::kept);
    if (!syncs)
        disk.ignore_syncs();
    disk.cut_at(call);
    done = store.add_bytes(content).ok();
    disk.restart(names);
    return look(disk, sha256(content));
}

} // namespace

TEST_CASE("after a power cut at any point a blob is absent or whole, and there once adding has returned") {
    const auto names = GENERATE(PowerCutDisk::Names::forgotten, PowerCutDisk::Names::kept);
    bool done = false;
    std::size_t point = 1;
    for (; !done; ++point) {
        REQUIRE(point < 100);
        const Outcome outcome = cut_while_adding(point, names, true, done);
        INFO("cut at call " << point);
        CHECK(outcome != Outcome::torn);
        if (done)
            CHECK(outcome == Outcome::whole);
    }
    CHECK(point > 8); // create, three appends, sync, folder, rename, folder: each was cut once
}

TEST_CASE("the same without fsync is found out") {
    bool done = false;
    CHECK(cut_while_adding(1000, PowerCutDisk::Names::kept, false, done) == Outcome::torn);
    CHECK(done);
    CHECK(cut_while_adding(1000, PowerCutDisk::Names::forgotten, false, done) == Outcome::absent);
    CHECK(done); // it was promised, and is not there
}

TEST_CASE("a disk error at any point is returned, leaves no blob half-done, and the next try works") {
    for (std::size_t point = 1;; ++point) {
        REQUIRE(point < 100);
        INFO("failure at call " << point);
        PowerCutDisk disk;
        Store store(disk, "/store");
        REQUIRE(store.prepare());
        const std::size_t before = disk.calls();
        disk.fail_at(before + point, {Category::no_space, "cannot write: no space left"});
        const auto result = store.add_bytes(content);
        const bool ended = disk.calls() < before + point;
        if (!result.ok())
            CHECK(result.error().category == Category::no_space);
        CHECK(look(disk, sha256(content)) != Outcome::torn);
        if (ended)
            break;
        // Only when removing the temporary file is what failed may it still be there.
        CHECK((result.ok() || disk.list("/store/incoming")->empty()));
        REQUIRE(store.add_bytes(content));
        CHECK(look(disk, sha256(content)) == Outcome::whole);
    }
}

TEST_CASE("an adopted download survives a cut whole or not at all") {
    const auto names = GENERATE(PowerCutDisk::Names::forgotten, PowerCutDisk::Names::kept);
    bool done = false;
    for (std::size_t point = 1; !done; ++point) {
        REQUIRE(point < 100);
        PowerCutDisk disk;
        Store store(disk, "/store");
        REQUIRE(store.prepare());
        const Path partial = store.incoming() / "x.part";
        REQUIRE((*disk.create(partial, 0644))->append(content)); // the downloader has not synced it
        disk.cut_at(disk.calls() + point);
        done = store.adopt(partial, sha256(content)).ok();
        disk.restart(names);
        INFO("cut at call " << point);
        const Outcome outcome = look(disk, sha256(content));
        CHECK(outcome != Outcome::torn);
        if (done)
            CHECK(outcome == Outcome::whole);
    }
}
