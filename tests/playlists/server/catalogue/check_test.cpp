#include "playlists/server/catalogue/catalogue.hpp"
#include "playlists/server/catalogue/check.hpp"
#include "playlists/server/catalogue/places.hpp"
#include "playlists/server/catalogue/publisher.hpp"
#include "playlists/server/codes/codes.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <set>

using namespace capsule;
using namespace capsule::server;

namespace {

struct Fixture {
    TemporaryFolder folder;
    SystemDisk disk;
    Store store{disk, folder.path()};
    Programme programme;
    Fleet fleet;

    Fixture() {
        REQUIRE(store.prepare().ok());
        const auto stored = store.add_bytes("video");
        Capsule capsule;
        capsule.id = *CapsuleId::parse("a");
        capsule.title["fr"] = "A";
        CapsuleVersion version;
        version.language = "fr";
        version.media = {stored->digest, 5, "video/mp4"};
        version.duration = std::chrono::seconds(30);
        capsule.versions.push_back(version);
        programme.capsules.emplace(capsule.id, capsule);
        Playlist playlist;
        playlist.id = *PlaylistId::parse("p");
        playlist.items.push_back({capsule.id, 1, {}, {}});
        programme.playlists.emplace(playlist.id, playlist);
        Schedule schedule;
        schedule.id = *ScheduleId::parse("s");
        schedule.playlist = playlist.id;
        programme.schedules.push_back(schedule);
    }
    Capsule& capsule() { return programme.capsules.begin()->second; }
    Playlist& playlist() { return programme.playlists.begin()->second; }
    std::vector<std::string> problems() { return publishing_problems(programme, fleet, store, "2026-11-22"); }
};

} // namespace

TEST_CASE("a whole programme has no problems") {
    CHECK(Fixture().problems().empty());
}

TEST_CASE("each thing that is missing or cannot be met is one problem with its place") {
    Fixture f;
    std::string expected;
    SECTION("no French title") {
        f.capsule().title = {{"en", "A"}};
        expected = "capsule \"a\": it has no French title";
    }
    SECTION("no version") {
        f.capsule().versions.clear();
        expected = "capsule \"a\": it has no video";
    }
    SECTION("a file of another length") {
        f.capsule().versions[0].media.bytes = 6;
        expected = "is not on the server";
    }
    SECTION("dates the wrong way round") {
        f.capsule().valid_from = "2027-01-01";
        f.capsule().valid_until = "2026-12-01";
        expected = "valid.until is not after";
    }
    SECTION("everything has expired") {
        f.capsule().valid_until = "2026-11-22";
        expected = "playlist \"p\": all its capsules have expired";
    }
    SECTION("a successor that is not there") {
        f.capsule().followed_by = CapsuleId::parse("b");
        expected = "followed by \"b\"";
    }
    SECTION("an empty playlist") {
        f.playlist().items.clear();
        expected = "playlist \"p\": it is empty";
    }
    SECTION("more than an hour promised per hour") {
        f.playlist().items[0].at_least_per_hour = 121;
        expected = "61 minutes of an hour";
    }
    SECTION("a schedule of nothing") {
        f.programme.schedules[0].playlist = *PlaylistId::parse("q");
        expected = "there is no playlist \"q\"";
    }
    SECTION("a time that cannot be read") {
        f.programme.schedules[0].when = "le matin";
        expected = "schedule \"s\": when: \"le matin\" is neither open, always nor opening hours";
    }
    SECTION("a place that is not there, deep in a condition") {
        Where fact;
        fact.kind = Where::Kind::fact;
        fact.fact = "screen";
        fact.value = "x";
        Where negation;
        negation.kind = Where::Kind::negation;
        negation.operands.push_back(fact);
        f.programme.schedules[0].where.operands.push_back(negation);
        expected = "there is no screen \"x\"";
    }
    SECTION("no schedule") {
        f.programme.schedules.clear();
        expected = "no schedule";
    }
    const auto problems = f.problems();
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].find(expected) != std::string::npos);
}

TEST_CASE("codes are unique, stay with their owner, and are never given again") {
    TemporaryFolder folder;
    SeededRandom random(7);
    auto database = sqlite::Database::open(folder.path() / "a.db");
    REQUIRE(database->execute(codes_schema()).ok());
    auto transaction = sqlite::Transaction::begin(*database);
    REQUIRE(transaction.ok());
    std::set<std::string> codes;
    for (int i = 0; i < 300; ++i) {
        const auto code = code_for(*database, random, CodeKind::screen, "screen-" + std::to_string(i));
        REQUIRE(code.ok());
        CHECK(code->size() == 3);
        codes.insert(*code);
    }
    CHECK(codes.size() == 300);
    CHECK(codes.contains(*code_for(*database, random, CodeKind::screen, "screen-7")));
    CHECK(owners_by_code(*database, CodeKind::screen)->size() == 300);
    CHECK(owners_by_code(*database, CodeKind::capsule)->empty());
}

TEST_CASE("a template of the directory is an address with known placeholders") {
    TemporaryFolder folder;
    SystemDisk disk;
    FakeClock clock;
    SeededRandom random(1);
    Store store(disk, folder.path());
    Catalogue catalogue(clock, random, store);
    auto database = sqlite::Database::open(folder.path() / "a.db");
    REQUIRE(database->execute(catalogue_schema()).ok());
    CHECK(
        catalogue.put_directory(*database, R"({"templates":{"fr":"https://a.example/{commune}-{postcode}?t={theme}&i={insee}"}})")
            .ok());
    for (const char* bad : {R"({"templates":{"fr":"javascript:alert"}})", R"({"templates":{"fr":"https://a.example/{town}"}})",
                            R"({"templates":{"fr":"https://a.example/{commune"}})",
                            R"({"templates":{"fr":"https://a.example/\r\nX: y"}})", R"({"templates":{"fr":7}})", R"({})",
                            R"({"templates":{"f":"https://a.example/"}})", R"({"templates":{"fr/Arnaques !":"https://a.example/"}})",
                            R"({"templates":{"fr/":"https://a.example/"}})"})
        CHECK(catalogue.put_directory(*database, bad).error().category == Category::invalid);
    CHECK(catalogue.put_directory(*database, R"({"templates":{"fr/arnaques":"https://a.example/"}})").ok());
}

TEST_CASE("places and addresses of the directory leave each other alone") {
    TemporaryFolder folder;
    SystemDisk disk;
    FakeClock clock;
    SeededRandom random(1);
    Store store(disk, folder.path());
    REQUIRE(store.prepare());
    Catalogue catalogue(clock, random, store);
    auto database = sqlite::Database::open(folder.path() / "a.db");
    REQUIRE(database->execute(catalogue_schema()).ok());
    CHECK(*catalogue.directory(*database) == R"({"places":null,"templates":{}})");
    const auto kept = keep_places(*database, store, clock, "id,nom\na,A\n,B\n");
    REQUIRE(kept);
    CHECK(kept->file.rows == 2);
    CHECK(kept->file.refused.size() == 1);
    CHECK(store.has(kept->blob.sha256, kept->blob.bytes));
    REQUIRE(catalogue.put_directory(*database, R"({"templates":{"fr":"https://a.example/"}})").ok());
    const auto both = catalogue.directory(*database);
    CHECK(both->find(kept->blob.sha256.hex()) != std::string::npos);
    CHECK(both->find("https://a.example/") != std::string::npos);
    CHECK(keep_places(*database, store, clock, "id,nom\n").error().category == Category::invalid);
    CHECK(*catalogue.directory(*database) == *both); // what cannot be read changes nothing
    REQUIRE(forget_places(*database).ok());
    CHECK(*catalogue.directory(*database) == R"({"places":null,"templates":{"fr":"https://a.example/"}})");
}
