#include "content/lib/sodium/ed25519.hpp"
#include "playlists/server/codes/codes.hpp"
#include "playlists/server/fleet/fleet_register.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/temporary_folder.hpp"

using namespace capsule;
using namespace capsule::server;

namespace {

struct Fixture {
    TemporaryFolder folder;
    SystemDisk disk;
    FakeClock clock;
    SeededRandom random{3};
    sqlite::Database database = *sqlite::Database::open(folder.path() / "a.db");
    std::unique_ptr<ReleaseWriter> release = *ReleaseWriter::open(disk, folder.path() / "release", clock);
    FleetRegister fleet{clock, random, *release};

    Fixture() {
        REQUIRE(database.execute(codes_schema()).ok());
        REQUIRE(database.execute(fleet_schema()).ok());
    }
    Fleet in_force() { return *parse_fleet(*release->current(DocumentKind::fleet)); }
};

} // namespace

TEST_CASE("fleet.json follows each change, under a number of its own, and only when something changed") {
    Fixture f;
    REQUIRE(f.fleet.write_document(f.database).ok());
    CHECK(f.in_force().number == 1);
    REQUIRE(*f.fleet.put_site(f.database, "a", R"({"name":"A","unknown":1})"));
    CHECK(f.in_force().number == 2);
    CHECK_FALSE(*f.fleet.put_site(f.database, "a", R"({"name":"A"})"));
    CHECK(f.in_force().number == 2);
    REQUIRE(*f.fleet.put_screen(f.database, "s", R"({"site":"a","code":"AAA"})"));
    CHECK(f.in_force().number == 3);
    const std::string code = f.in_force().screens.begin()->second.code;
    CHECK(code.size() == 3);
    CHECK(f.fleet.put_screen(f.database, "t", R"({"site":"nowhere"})").error().category == Category::invalid);

    // The code comes back with the name.
    REQUIRE(f.fleet.remove_screen(f.database, "s").ok());
    REQUIRE(*f.fleet.put_screen(f.database, "s", R"({"site":"a"})"));
    CHECK(f.in_force().screens.begin()->second.code == code);
}

TEST_CASE("a crash between the change and the document is made good at the next start") {
    Fixture f;
    REQUIRE(f.fleet.write_document(f.database).ok());
    REQUIRE(f.database.execute("INSERT INTO sites(id, record, changed_ms) VALUES('a', '{\"name\":\"A\"}', 0)").ok());
    REQUIRE(f.fleet.write_document(f.database).ok());
    CHECK(f.in_force().number == 2);
    CHECK(f.in_force().sites.size() == 1);
    REQUIRE(f.fleet.write_document(f.database).ok());
    CHECK(f.in_force().number == 2);
}

TEST_CASE("which device serves which screen is dated and its history kept") {
    Fixture f;
    REQUIRE(f.fleet.put_site(f.database, "a", R"({"name":"A"})").ok());
    REQUIRE(f.fleet.put_screen(f.database, "s", R"({"site":"a"})").ok());
    REQUIRE(f.fleet.put_screen(f.database, "t", R"({"site":"a"})").ok());
    const PublicKey key = SecretKey::generate().public_key();
    const auto body = [&](const std::string& screen) {
        return R"({"public_key":")" + key.hex() + R"(","screen":")" + screen + "\"}";
    };
    REQUIRE(*f.fleet.put_device(f.database, key.device_id(), body("s")));
    const Instant first = f.in_force().devices.at(key.device_id()).since;
    f.clock.advance(std::chrono::hours(1));
    CHECK_FALSE(*f.fleet.put_device(f.database, key.device_id(), body("s")));
    CHECK(f.in_force().devices.at(key.device_id()).since == first);
    CHECK_FALSE(*f.fleet.put_device(f.database, key.device_id(), body("t")));
    CHECK(f.in_force().devices.at(key.device_id()).since == first + std::chrono::hours(1));
    auto count = f.database.prepare("SELECT count(*) FROM device_assignments");
    REQUIRE(*count->step());
    CHECK(count->integer(0) == 2);
    CHECK(f.release->current(DocumentKind::fleet)->find(key.hex()) == std::string::npos);
}
