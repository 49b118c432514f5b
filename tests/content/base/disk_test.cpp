#include "content/base/disk.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

using namespace capsule;

TEST_CASE("a durable write replaces the file whole and leaves nothing beside it") {
    TemporaryFolder folder;
    SystemDisk disk;
    const Path path = folder.path() / "active.json";
    REQUIRE(write_durably(disk, path, "old"));
    REQUIRE(write_durably(disk, path, "new"));
    CHECK(*disk.read(path, 100) == "new");
    CHECK(disk.list(folder.path())->size() == 1);
}

TEST_CASE("a failed durable write keeps what was there") {
    SystemDisk disk;
    const auto result = write_durably(disk, "/proc/no-such-folder/file", "x");
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().message.find("/proc/no-such-folder/file") != std::string::npos);
}

TEST_CASE("reading stops at the limit and says so") {
    TemporaryFolder folder;
    SystemDisk disk;
    REQUIRE(write_durably(disk, folder.path() / "a", "12345"));
    CHECK(disk.read(folder.path() / "a", 5).ok());
    CHECK(disk.read(folder.path() / "a", 4).error().category == Category::refused);
    CHECK(disk.read(folder.path() / "b", 4).error().category == Category::missing);
    CHECK(disk.read(folder.path(), 4).error().category == Category::io);
}

TEST_CASE("a part of a file is read without the rest") {
    TemporaryFolder folder;
    SystemDisk disk;
    REQUIRE(write_durably(disk, folder.path() / "a", "0123456789"));
    CHECK(*disk.read_part(folder.path() / "a", 3, 4) == "3456");
    CHECK(*disk.read_part(folder.path() / "a", 8, 4) == "89");
    CHECK(disk.read_part(folder.path() / "a", 10, 4)->empty());
    CHECK(disk.read_part(folder.path() / "b", 0, 4).error().category == Category::missing);
}
