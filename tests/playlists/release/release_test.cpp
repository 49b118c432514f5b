#include "playlists/release/index.hpp"
#include "playlists/release/writer.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/temporary_folder.hpp"

using namespace capsule;

TEST_CASE("an index that was written is read back as it was") {
    ReleaseIndex index;
    index.fleet = DocumentEntry{7, sha256("fleet"), 5};
    index.now = DocumentEntry{1, sha256("now"), 3};
    auto read = parse_release_index(serialise(index));
    REQUIRE(read.ok());
    CHECK(*read == index);
    CHECK_FALSE(read->programme);
}

TEST_CASE("an index that cannot be understood is refused with the field") {
    const std::string text =
        GENERATE(as<std::string>{}, "", "[]", "{}", R"({"format":2})", R"({"format":1,"requires":["delta"]})",
                 R"({"format":1,"fleet":{"number":0,"sha256":"","bytes":1}})",
                 R"({"format":1,"fleet":{"number":1,"sha256":"zz","bytes":1}})", R"({"format":1,"fleet":7})",
                 R"({"format":1,"format":1})");
    CHECK_FALSE(parse_release_index(text).ok());
}

TEST_CASE("a document's file name tells its kind and digest, and nothing else is one") {
    const Digest digest = sha256("x");
    const auto parsed = parse_document_file_name(document_file_name(DocumentKind::now, digest));
    REQUIRE(parsed);
    CHECK(parsed->first == DocumentKind::now);
    CHECK(parsed->second == digest);
    CHECK_FALSE(parse_document_file_name("../server.db"));
    CHECK_FALSE(parse_document_file_name(digest.hex() + ".other.json"));
    CHECK_FALSE(parse_document_file_name(digest.hex() + ".now.json/.."));
}

TEST_CASE("numbers rise, survive a restart, and a number that was taken is refused") {
    TemporaryFolder folder;
    SystemDisk disk;
    FakeClock clock;
    {
        auto writer = ReleaseWriter::open(disk, folder.path() / "release", clock);
        REQUIRE(writer.ok());
        CHECK((*writer)->next_number(DocumentKind::fleet) == 1);
        REQUIRE((*writer)->replace(DocumentKind::fleet, 1, "one").ok());
        CHECK((*writer)->replace(DocumentKind::fleet, 1, "other").error().category == Category::refused);
    }
    auto writer = ReleaseWriter::open(disk, folder.path() / "release", clock);
    REQUIRE(writer.ok());
    CHECK((*writer)->next_number(DocumentKind::fleet) == 2);
    CHECK((*writer)->next_number(DocumentKind::programme) == 1);
    CHECK(*(*writer)->current(DocumentKind::fleet) == "one");
    CHECK((*writer)->current(DocumentKind::programme).error().category == Category::missing);
}

TEST_CASE("a replaced document stays for the time of grace, also over a restart, and then goes") {
    TemporaryFolder folder;
    SystemDisk disk;
    FakeClock clock;
    const Path path = folder.path() / "release";
    const Path first = path / document_file_name(DocumentKind::now, sha256("one"));
    {
        auto writer = ReleaseWriter::open(disk, path, clock);
        REQUIRE((*writer)->replace(DocumentKind::now, 1, "one").ok());
        REQUIRE((*writer)->replace(DocumentKind::now, 2, "two").ok());
        CHECK(disk.exists(first));
    }
    clock.advance(ReleaseWriter::grace + std::chrono::seconds(1));
    auto writer = ReleaseWriter::open(disk, path, clock);
    REQUIRE((*writer)->replace(DocumentKind::now, 3, "three").ok());
    CHECK_FALSE(disk.exists(first));
    CHECK(disk.exists(path / document_file_name(DocumentKind::now, sha256("two"))));
}

TEST_CASE("an index.json that is damaged stops the start instead of sending numbers back") {
    TemporaryFolder folder;
    SystemDisk disk;
    FakeClock clock;
    REQUIRE(write_durably(disk, folder.path() / "index.json", "{").ok());
    CHECK(ReleaseWriter::open(disk, folder.path(), clock).error().category == Category::invalid);
}

TEST_CASE("when the index cannot be written the old release stays in force") {
    TemporaryFolder folder;
    SystemDisk disk;
    FakeClock clock;
    auto writer = ReleaseWriter::open(disk, folder.path(), clock);
    REQUIRE((*writer)->replace(DocumentKind::now, 1, "one").ok());
    // A folder in the place of the temporary name that every durable write goes through cannot be made portably, so the release
    // folder itself is taken away: the document cannot be written, and the index in memory must not move.
    std::filesystem::rename(folder.path(), folder.path().string() + ".away");
    CHECK_FALSE((*writer)->replace(DocumentKind::now, 2, "two").ok());
    std::filesystem::rename(folder.path().string() + ".away", folder.path());
    CHECK((*writer)->next_number(DocumentKind::now) == 2);
    CHECK(*(*writer)->current(DocumentKind::now) == "one");
}
