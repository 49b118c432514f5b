#include "content/store/garbage.hpp"
#include "content/store/store.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <sys/stat.h>

#include <fstream>

using namespace capsule;

namespace {

struct Fixture {
    TemporaryFolder folder;
    SystemDisk disk;
    Store store{disk, folder.path() / "store"};
    Fixture() { REQUIRE(store.prepare()); }
    std::size_t incoming() { return disk.list(store.incoming())->size(); }
    void write(const Path& path, std::string_view bytes) { std::ofstream(path, std::ios::binary) << bytes; }
};

} // namespace

TEST_CASE("bytes are kept under their digest and read back") {
    Fixture f;
    const auto blob = f.store.add_bytes("hello");
    REQUIRE(blob);
    CHECK(blob->digest == sha256("hello"));
    CHECK(blob->bytes == 5);
    CHECK(f.store.path_of(blob->digest) ==
          f.folder.path() / "store/blobs/2c/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    CHECK(f.store.has(blob->digest, 5));
    CHECK_FALSE(f.store.has(blob->digest, 4));
    CHECK(*f.store.read(blob->digest, 100) == "hello");
    CHECK(f.store.read(blob->digest, 4).error().category == Category::refused);
    CHECK(f.incoming() == 0);
    CHECK(f.store.list()->size() == 1);
}

TEST_CASE("the empty blob and one larger than a piece are kept too") {
    Fixture f;
    const std::string large(3'000'001, 'x');
    CHECK(f.store.add_bytes("")->digest == sha256(""));
    CHECK(f.store.add_bytes(large)->bytes == large.size());
    CHECK(f.store.verify(sha256(large))->bytes == large.size());
}

TEST_CASE("adding what is there already leaves the file alone") {
    Fixture f;
    const Digest digest = f.store.add_bytes("hello")->digest;
    struct stat before {}, after {};
    REQUIRE(stat(f.store.path_of(digest).c_str(), &before) == 0);
    REQUIRE(f.store.add_bytes("hello"));
    REQUIRE(stat(f.store.path_of(digest).c_str(), &after) == 0);
    CHECK(before.st_ino == after.st_ino);
    CHECK(f.incoming() == 0);
}

TEST_CASE("a file is copied in, anything else is refused") {
    Fixture f;
    f.write(f.folder.path() / "a", "content");
    CHECK(f.store.add_file(f.folder.path() / "a")->digest == sha256("content"));
    CHECK(f.store.add_file(f.folder.path() / "b").error().category == Category::missing);
    CHECK(f.store.add_file(f.folder.path()).error().category == Category::refused);
    REQUIRE(mkfifo((f.folder.path() / "fifo").c_str(), 0600) == 0);
    CHECK(f.store.add_file(f.folder.path() / "fifo").error().category == Category::refused);
    CHECK(f.incoming() == 0);
}

TEST_CASE("a damaged blob is found by verify and by read") {
    Fixture f;
    const Digest digest = f.store.add_bytes("hello")->digest;
    f.write(f.store.path_of(digest), "hellO");
    CHECK(f.store.has(digest, 5)); // which looks at the size only
    CHECK(f.store.verify(digest).error().category == Category::invalid);
    CHECK(f.store.read(digest, 100).error().category == Category::invalid);
    REQUIRE(f.store.remove(digest));
    CHECK(f.store.verify(digest).error().category == Category::missing);
    CHECK(f.store.remove(digest).ok());
}

TEST_CASE("whoever must end does not wait until a file is read through") {
    Fixture f;
    const Digest digest = f.store.add_bytes("hello")->digest;
    std::atomic<bool> stop{false};
    CHECK(f.store.verify(digest, &stop).ok());
    stop = true;
    CHECK(f.store.verify(digest, &stop).error().category == Category::timeout);
}

TEST_CASE("a download is adopted only when it is what was asked for") {
    Fixture f;
    const Path partial = f.store.incoming() / "download.part";
    f.write(partial, "hello");
    CHECK(f.store.adopt(partial, sha256("other")).error().category == Category::invalid);
    CHECK_FALSE(f.disk.exists(partial));
    CHECK(f.store.list()->empty());
    f.write(partial, "hello");
    REQUIRE(f.store.adopt(partial, sha256("hello")));
    CHECK(*f.store.read(sha256("hello"), 100) == "hello");
    CHECK(f.incoming() == 0);
}

TEST_CASE("a source that fails half way leaves nothing") {
    Fixture f;
    int calls = 0;
    const auto result = f.store.add([&]() -> Result<std::string> {
        if (++calls == 3)
            return Error{Category::io, "the stick was pulled"};
        return std::string("piece");
    });
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().message == "the stick was pulled");
    CHECK(f.incoming() == 0);
    CHECK(f.store.list()->empty());
}

TEST_CASE("what dead processes left in incoming goes, downloads and living processes' files stay") {
    Fixture f;
    f.write(f.store.incoming() / "add-999999999-1", "x"); // above the largest process number
    f.write(f.store.incoming() / "sample-video-999999999-1", "x");
    f.write(f.store.incoming() / "add-1-1", "x");
    f.write(f.store.incoming() / "00ff.part", "x");
    REQUIRE(f.store.prepare());
    CHECK(*f.disk.list(f.store.incoming()) == std::vector<std::string>{"00ff.part", "add-1-1"});
}

TEST_CASE("garbage goes after the grace period, what is wanted or on air never") {
    Fixture f;
    const Digest wanted = f.store.add_bytes("wanted")->digest;
    const Digest on_air = f.store.add_bytes("on air")->digest;
    const Digest old = f.store.add_bytes("old")->digest;
    GarbageCollector collector(f.store, std::chrono::hours(1));
    const Nanoseconds start = std::chrono::hours(5);
    auto collected = collector.step({wanted}, {on_air}, start);
    REQUIRE(collected);
    CHECK(collected->removed == 0);
    CHECK(collected->waiting == 1);

    SECTION("after the period it is gone") {
        CHECK(collector.step({wanted}, {on_air}, start + std::chrono::minutes(59))->removed == 0);
        collected = collector.step({wanted}, {on_air}, start + std::chrono::hours(1));
        CHECK(collected->removed == 1);
        CHECK(collected->bytes == 3);
        CHECK_FALSE(f.store.has(old));
        CHECK(f.store.has(wanted));
        CHECK(f.store.has(on_air));
    }
    SECTION("wanted again in between, its period starts anew") {
        CHECK(collector.step({wanted, old}, {on_air}, start + std::chrono::minutes(30))->waiting == 0);
        CHECK(collector.step({wanted}, {on_air}, start + std::chrono::minutes(70))->waiting == 1);
        CHECK(f.store.has(old));
    }
}
