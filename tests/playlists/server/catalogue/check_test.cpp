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
    PublishingFindings findings() { return publishing_findings(programme, fleet, store, *parse_rfc3339("2026-11-22T10:00:00Z")); }
    std::vector<std::string> problems() { return findings().problems; }

    // Another capsule like the first, in the playlist.
    PlaylistItem& add(const char* id) {
        Capsule another = capsule();
        another.id = *CapsuleId::parse(id);
        programme.capsules.emplace(another.id, another);
        playlist().items.push_back({another.id, 1, {}, {}});
        return playlist().items.back();
    }
    Site& add_screen(const char* site_id, const char* hours = "Mo-Fr 09:00-17:00") {
        Site site;
        site.id = *SiteId::parse(site_id);
        site.hours = hours;
        Screen screen;
        screen.id = *ScreenId::parse(std::string(site_id) + "-hall");
        screen.site = site.id;
        fleet.screens[screen.id] = screen;
        return fleet.sites[site.id] = site;
    }
    Schedule& add_schedule(const char* id, const char* when, int share_percent = 100, int priority = 0) {
        Schedule schedule = programme.schedules.front();
        schedule.id = *ScheduleId::parse(id);
        schedule.when = when;
        schedule.share_percent = share_percent;
        schedule.priority = priority;
        programme.schedules.push_back(schedule);
        return programme.schedules.back();
    }
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
    SECTION("a capsule too often for its spacing to keep its share") {
        f.add("b");
        f.playlist().items[0].not_again_within = std::chrono::seconds(90);
        expected = "to keep its share it comes back every 1 min, and not_again_within asks for 1 min 30 s";
    }
    SECTION("a theme with more than half of the showings") {
        f.capsule().theme = "argent";
        f.add("b");
        f.add("c");
        f.programme.capsules.at(*CapsuleId::parse("c")).theme = "sante";
        f.playlist().themes_apart = true;
        expected = "the theme \"argent\" have 66 % of the showings";
    }
    SECTION("more often an hour than the others leave room for") {
        f.add("b");
        f.programme.capsules.at(*CapsuleId::parse("b")).versions[0].duration = std::chrono::minutes(25);
        f.playlist().items[0].at_least_per_hour = 50;
        expected = "at_least_per_hour is 50, and in some hours it would pass";
    }
    SECTION("campaigns that ask for more than there is") {
        f.add_screen("mairie");
        f.add_schedule("c1", "Tu 10:00-12:00", 60, 5);
        f.add_schedule("c2", "Tu 11:00-13:00", 60, 4);
        expected = "on 1 screen (mairie-hall): schedule \"c2\": its share of 60 % cannot be met from 2026-11-24T11:00:00 on";
    }
    SECTION("names that are nearly right") {
        f.programme.playlists.begin()->second.id = *PlaylistId::parse("accueil");
        f.programme.playlists.emplace(*PlaylistId::parse("accueil"), f.playlist());
        f.programme.playlists.erase(*PlaylistId::parse("p"));
        f.programme.schedules[0].playlist = *PlaylistId::parse("acueil");
        expected = "there is no playlist \"acueil\": send it or change the schedule; did you mean \"accueil\"?";
    }
    const auto problems = f.problems();
    REQUIRE(problems.size() == 1);
    INFO(problems[0]);
    CHECK(problems[0].find(expected) != std::string::npos);
}

TEST_CASE("gaps, ties and schedules that reach nobody are told, and what is usual is not") {
    Fixture f;
    f.add_screen("mairie");
    f.add_screen("poste");
    f.add_schedule("midi", "Mo-Fr 12:00-14:00", 100, 5);
    CHECK(f.findings().warnings.empty()); // a higher priority over a default loop is the usual thing
    std::string expected;
    SECTION("two of one rank") {
        f.add_schedule("atelier", "We 13:00-15:00", 100, 5);
        expected = "on 2 screens (mairie-hall, poste-hall): schedule \"midi\": from 2026-11-25T13:00:00 on it overlaps \"atelier\"";
    }
    SECTION("a gap") {
        f.programme.schedules[0].when = "Mo-Th 09:00-17:00";
        expected = "nothing is scheduled from 2026-11-27T09:00:00 until 2026-11-27T12:00:00";
    }
    SECTION("a place that no schedule reaches") {
        Where where;
        where.kind = Where::Kind::fact;
        where.fact = "site";
        where.value = "mairie";
        for (Schedule& schedule : f.programme.schedules)
            schedule.where = where;
        expected = "on 1 screen (poste-hall): nothing is scheduled at all";
    }
    SECTION("a schedule that reaches no place") {
        Where where;
        where.kind = Where::Kind::fact;
        where.fact = "ept";
        where.value = "VSGP";
        f.programme.schedules[1].where = where;
        expected = "schedule \"midi\": its where holds for no screen";
    }
    const auto findings = f.findings();
    CHECK(findings.problems.empty());
    REQUIRE(findings.warnings.size() == 1);
    INFO(findings.warnings[0]);
    CHECK(findings.warnings[0].find(expected) != std::string::npos);
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
