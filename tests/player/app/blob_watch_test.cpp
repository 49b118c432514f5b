#include "player/app/blob_watch.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <filesystem>
#include <fstream>
#include <vector>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

struct Watched {
    TemporaryFolder folder;
    FakeClock clock;
    SystemDisk disk;
    Store store{disk, folder.path()};
    std::vector<Digest> lost, restored;
    std::atomic<bool> stop{false};
    BlobWatch watch{clock, disk, folder.path(), [this](const Digest& digest) { lost.push_back(digest); },
                    [this](const Digest& digest) { restored.push_back(digest); }};

    Watched() { REQUIRE(store.prepare()); }
    Digest add(const std::string& text) { return store.add_bytes(text)->digest; }
    void damage(const Digest& digest) { std::ofstream(store.path_of(digest), std::ios::trunc) << "rotten"; }
    void look() { watch.look(stop); }
};

} // namespace

TEST_CASE("a suspect that is rotten is set aside, asked for anew, and told of when it is back") {
    Watched w;
    const Digest good = w.add("good"), bad = w.add("bad"), gone = w.add("gone");
    w.look(); // nothing is in force
    w.damage(bad);
    REQUIRE(w.store.remove(gone));
    for (const Digest& digest : {good, bad, gone})
        w.watch.suspect(digest);
    w.look();
    CHECK(std::set<Digest>(w.lost.begin(), w.lost.end()) == std::set<Digest>{bad, gone});
    CHECK_FALSE(w.store.has(bad));
    CHECK(std::filesystem::exists(w.folder.path() / "set-aside" / bad.hex()));
    CHECK(w.store.has(good));
    w.look();
    CHECK(w.lost.size() == 2);
    CHECK(w.restored.empty());
    w.add("bad");
    w.look();
    w.look();
    CHECK(w.restored == std::vector<Digest>{bad});
}

TEST_CASE("each file in force is read through in its turn, one a minute") {
    Watched w;
    std::set<Digest> files;
    for (const char* text : {"one", "two", "three"})
        files.insert(w.add(text));
    const Digest outside = w.add("four");
    w.watch.in_force(files);
    for (const Digest& digest : files)
        w.damage(digest);
    w.damage(outside);
    for (std::size_t minute = 1; minute <= 3; ++minute) {
        w.look();
        w.look();
        CHECK(w.lost.size() == minute);
        w.clock.advance(1min);
    }
    CHECK(std::set<Digest>(w.lost.begin(), w.lost.end()) == files);
    w.look(); // none is here
    CHECK(w.lost.size() == 3);
    CHECK(w.store.has(outside));
}

TEST_CASE("a file that is read while the end is asked for is left as it is") {
    Watched w;
    const Digest bad = w.add("bad");
    w.damage(bad);
    w.watch.suspect(bad);
    w.stop = true;
    w.look();
    CHECK(w.lost.empty());
    CHECK(w.store.has(bad));
}
