#include "playlists/server/database/database.hpp"
#include "playlists/server/people/people.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <atomic>
#include <thread>
#include <vector>

using namespace capsule;
using namespace capsule::server;

namespace {

struct Fixture {
    TemporaryFolder folder;
    FakeClock clock;
    SeededRandom random{1};
    sqlite::Database database = *sqlite::Database::open(folder.path() / "a.db");
    People people{clock, random};
    Fixture() {
        REQUIRE(database.execute(people_schema()).ok());
        REQUIRE(database.execute(people_standing_schema()).ok());
    }
    std::string secret() { return (*people.issue_first_secret(database)).value_or(""); }
};

constexpr const char* long_password = "un mot de passe bien long";

} // namespace

TEST_CASE("only the secret that was issued last makes the first account, and only the first") {
    Fixture f;
    const std::string old = f.secret(), fresh = f.secret();
    CHECK(f.people.create_first(f.database, old, "anne", long_password).error().category == Category::refused);
    CHECK(f.people.create_first(f.database, fresh, "anne", "trop court").error().category == Category::invalid);
    CHECK(f.people.create_first(f.database, fresh, "an ne", long_password).error().category == Category::invalid);
    REQUIRE(f.people.create_first(f.database, fresh, "anne", long_password).ok());
    CHECK(f.people.create_first(f.database, fresh, "zoe", long_password).error().category == Category::refused);
    CHECK_FALSE(*f.people.issue_first_secret(f.database));
}

TEST_CASE("a session ends when it is not used, and in any case after its whole life") {
    Fixture f;
    REQUIRE(f.people.create_first(f.database, f.secret(), "anne", long_password).ok());
    const auto cookie = f.people.sign_in(f.database, "anne", long_password, SessionKind::cookie);
    REQUIRE(cookie.ok());
    const auto known = [&] { return (*f.people.identify(f.database, cookie->secret, SessionKind::cookie)).has_value(); };
    for (int hours = 0; hours < 166; hours += 11) {
        CHECK(known());
        f.clock.advance(std::chrono::hours(11));
    }
    CHECK_FALSE(known()); // 7 days
    const auto idle = f.people.sign_in(f.database, "anne", long_password, SessionKind::cookie);
    f.clock.advance(std::chrono::hours(12));
    CHECK_FALSE(*f.people.identify(f.database, idle->secret, SessionKind::cookie));
}

TEST_CASE("the database holds neither passwords nor secrets in clear") {
    Fixture f;
    const std::string secret = f.secret();
    REQUIRE(f.people.create_first(f.database, secret, "anne", long_password).ok());
    const auto session = f.people.sign_in(f.database, "anne", long_password, SessionKind::token);
    auto dump = f.database.prepare("SELECT group_concat(digest) || (SELECT password FROM accounts) FROM sessions");
    REQUIRE(*dump->step());
    CHECK(dump->text(0).find(session->secret) == std::string::npos);
    CHECK(dump->text(0).find(long_password) == std::string::npos);
    CHECK(dump->text(0).find("$argon2id$") != std::string::npos);
}

TEST_CASE("signing out ends that session only, and an unknown login is refused like a wrong password") {
    Fixture f;
    REQUIRE(f.people.create_first(f.database, f.secret(), "anne", long_password).ok());
    const auto one = f.people.sign_in(f.database, "anne", long_password, SessionKind::token);
    const auto two = f.people.sign_in(f.database, "anne", long_password, SessionKind::token);
    REQUIRE(f.people.sign_out(f.database, one->secret).ok());
    CHECK_FALSE(*f.people.identify(f.database, one->secret, SessionKind::token));
    CHECK(*f.people.identify(f.database, two->secret, SessionKind::token));
    CHECK(f.people.sign_in(f.database, "nobody", long_password, SessionKind::token).error().message ==
          f.people.sign_in(f.database, "anne", "wrong", SessionKind::token).error().message);
}

TEST_CASE("when very many sign in at once, some are told to come again, so that the server has hands left") {
    Fixture f;
    REQUIRE(f.people.create_first(f.database, f.secret(), "anne", long_password).ok());
    std::atomic<int> wrong = 0, later = 0;
    std::vector<std::thread> crowd;
    for (int i = 0; i < 12; ++i)
        crowd.emplace_back([&, i] {
            auto database = sqlite::Database::open(f.folder.path() / "a.db");
            const auto refused = f.people.sign_in(*database, "inconnu" + std::to_string(i), long_password, SessionKind::cookie);
            ++(refused.error().category == Category::timeout ? later : wrong);
        });
    for (auto& one : crowd)
        one.join();
    CHECK(wrong + later == 12);
    CHECK(wrong >= 4);
    CHECK(f.people.sign_in(f.database, "anne", long_password, SessionKind::cookie).ok());
}

TEST_CASE("every role has a name that is read back, and nothing else is a role") {
    for (const Role role : all_roles)
        CHECK(parse_role(to_string(role)) == role);
    CHECK_FALSE(parse_role("root"));
}
