#include "content/base/encoding.hpp"
#include "playlists/server/people/one_time_code.hpp"
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

constexpr const char* long_password = "un mot de passe bien long";

struct Fixture {
    TemporaryFolder folder;
    FakeClock clock;
    SeededRandom random{1};
    sqlite::Database database = *sqlite::Database::open(folder.path() / "a.db");
    Accounts accounts{clock, random};
    SecondFactor second_factor{clock, random};
    Tokens tokens{clock, random};
    ChangeLog changes{clock};
    People people{clock, random, accounts, second_factor, tokens, changes};

    Fixture() {
        for (const std::string_view schema : {people_schema(), people_standing_schema(), invitations_schema(), changes_schema()})
            REQUIRE(database.execute(schema).ok());
    }
    std::string secret() { return (*people.issue_first_secret(database)).value_or(""); }
    void anne() { REQUIRE(people.create_first(database, secret(), "anne", long_password).ok()); }
    // Somebody who was invited and chose a password.
    void add(const std::string& login, const Standing& standing) {
        const auto invited = accounts.invite(database, login, standing, "anne");
        REQUIRE(invited.ok());
        REQUIRE(people.accept_invitation(database, invited->secret, long_password, "").ok());
    }
    Result<Session> sign_in(std::string_view login, std::string_view password = long_password, SessionKind kind = SessionKind::cookie,
                            std::string_view code = {}, std::string_view known = {}, const std::string& client = {}) {
        return people.sign_in(database, {login, password, code, kind, client, known});
    }
    bool known(const Session& session, SessionKind kind = SessionKind::cookie) {
        return (*people.identify(database, session.secret, kind)).has_value();
    }
    Standing evaluator{Role::evaluator, Territory::all(), {}};
};

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
    f.anne();
    const auto cookie = f.sign_in("anne");
    REQUIRE(cookie.ok());
    for (int hours = 0; hours < 166; hours += 11) {
        CHECK(f.known(*cookie));
        f.clock.advance(std::chrono::hours(11));
    }
    CHECK_FALSE(f.known(*cookie)); // 7 days
    const auto idle = f.sign_in("anne");
    f.clock.advance(std::chrono::hours(12));
    CHECK_FALSE(f.known(*idle));
}

TEST_CASE("the database holds neither passwords nor secrets in clear") {
    Fixture f;
    const std::string secret = f.secret();
    REQUIRE(f.people.create_first(f.database, secret, "anne", long_password).ok());
    const auto cookie = f.sign_in("anne");
    const auto session = f.sign_in("anne", long_password, SessionKind::token);
    const auto invited = f.accounts.invite(f.database, "zoe", f.evaluator, "anne");
    const auto token = f.tokens.make(f.database, cookie->person, "essai", Role::evaluator, 3);
    (void)f.sign_in("mon mot de passe dans le mauvais champ", "x");
    REQUIRE(f.second_factor.begin(f.database, "anne").ok());
    auto select = f.database.prepare("SELECT totp_pending FROM accounts");
    REQUIRE(*select->step());
    const std::string key = *from_hex(select->text(0));
    select->reset();
    const auto codes = f.second_factor.confirm(f.database, "anne", one_time_code(key, one_time_step(f.clock.wall())));
    REQUIRE(codes.ok());
    REQUIRE(f.database.execute("PRAGMA wal_checkpoint(TRUNCATE)").ok());
    SystemDisk disk;
    const std::string file = *disk.read(f.folder.path() / "a.db", 64u << 20);
    const auto in_file = [&](const std::string& text) { return file.find(text) != std::string::npos; };
    CHECK(in_file("$argon2id$"));
    for (const std::string& text : {secret, std::string(long_password), cookie->secret, cookie->known_browser, session->secret, invited->secret,
                                    token->secret, codes->front(), std::string("mauvais champ")})
        CHECK_FALSE(in_file(text));
}

TEST_CASE("signing out ends that session only, and an unknown login is refused like a wrong password") {
    Fixture f;
    f.anne();
    const auto one = f.sign_in("anne", long_password, SessionKind::token), two = f.sign_in("anne", long_password, SessionKind::token);
    REQUIRE(f.people.sign_out(f.database, one->secret).ok());
    CHECK_FALSE(f.known(*one, SessionKind::token));
    CHECK(f.known(*two, SessionKind::token));
    CHECK(f.sign_in("nobody").error().message == f.sign_in("anne", "wrong").error().message);
}

TEST_CASE("when very many sign in at once, some are told to come again, so that the server has hands left") {
    Fixture f;
    f.anne();
    std::atomic<int> wrong = 0, later = 0;
    std::vector<std::thread> crowd;
    for (int i = 0; i < 12; ++i)
        crowd.emplace_back([&, i] {
            auto database = sqlite::Database::open(f.folder.path() / "a.db");
            const std::string login = "inconnu" + std::to_string(i);
            const auto refused = f.people.sign_in(*database, {login, long_password, {}, SessionKind::cookie, {}, {}});
            ++(refused.error().category == Category::timeout ? later : wrong);
        });
    for (auto& one : crowd)
        one.join();
    CHECK(wrong + later == 12);
    CHECK(wrong >= 4);
    CHECK(f.sign_in("anne").ok());
}

TEST_CASE("every role has a name that is read back, and nothing else is a role") {
    for (const Role role : all_roles)
        CHECK(parse_role(to_string(role)) == role);
    CHECK_FALSE(parse_role("root"));
}

TEST_CASE("a stranger who tries a login again and again locks out strangers, not the browser that knows it") {
    Fixture f;
    f.anne();
    std::string known = f.sign_in("anne")->known_browser;
    for (std::size_t i = 0; i < People::most_attempts; ++i)
        CHECK(f.sign_in("anne", "faux").error().category == Category::refused);
    CHECK(f.sign_in("anne").error().category == Category::timeout); // also the right password, from elsewhere
    const auto again = f.sign_in("anne", long_password, SessionKind::cookie, {}, known);
    REQUIRE(again.ok());
    known = again->known_browser; // each sign-in gives a fresh one
    // What knows anne's login knows nobody else's, and its own tries are counted.
    CHECK(f.sign_in("anne", long_password, SessionKind::cookie, {}, std::string(64, 'a')).error().category == Category::timeout);
    for (std::size_t i = 0; i < People::most_attempts; ++i)
        CHECK(f.sign_in("anne", "faux", SessionKind::cookie, {}, known).error().category == Category::refused);
    CHECK(f.sign_in("anne", long_password, SessionKind::cookie, {}, known).error().category == Category::timeout);
    f.clock.advance(std::chrono::minutes(16));
    CHECK(f.sign_in("anne").ok());
}

TEST_CASE("one address tries no more than a hundred times in a quarter of an hour, over all logins together") {
    Fixture f;
    f.anne();
    for (std::size_t i = 0; i < People::most_from_one_client; ++i)
        (void)f.people.find_invitation(f.database, std::string(64, 'a'), "there"); // guesses of links are guesses too
    CHECK(f.sign_in("anne", long_password, SessionKind::cookie, {}, {}, "there").error().category == Category::timeout);
    CHECK(f.sign_in("anne", long_password, SessionKind::cookie, {}, {}, "elsewhere").ok());
    f.clock.advance(std::chrono::minutes(16));
    CHECK(f.sign_in("anne", long_password, SessionKind::cookie, {}, {}, "there").ok());
}

TEST_CASE("a new password ends every session and token of the person, and nobody else's") {
    Fixture f;
    f.anne();
    f.add("zoe", f.evaluator);
    const auto one = f.sign_in("anne"), zoe = f.sign_in("zoe");
    const auto two = f.sign_in("anne", long_password, SessionKind::token);
    const auto script = f.tokens.make(f.database, one->person, "essai", Role::evaluator, 3);
    CHECK(f.people.change_password(f.database, one->person, "faux", "une autre longue phrase").error().category == Category::refused);
    CHECK(f.people.change_password(f.database, one->person, long_password, "court").error().category == Category::invalid);
    CHECK(f.people.change_password(f.database, one->person, long_password, long_password).error().category == Category::invalid);
    REQUIRE(f.known(*one));
    const auto fresh = f.people.change_password(f.database, one->person, long_password, "une autre longue phrase");
    REQUIRE(fresh.ok());
    CHECK_FALSE(f.known(*one));
    CHECK_FALSE(f.known(*two, SessionKind::token));
    CHECK_FALSE((*f.people.identify(f.database, script->secret, SessionKind::token)).has_value());
    CHECK(f.known(*fresh));
    CHECK(f.known(*zoe));
    CHECK(f.sign_in("anne").error().category == Category::refused);
    CHECK(f.sign_in("anne", "une autre longue phrase").ok());
}

TEST_CASE("an invitation makes one account, once, within a week") {
    Fixture f;
    f.anne();
    const Standing standing{Role::coordinator, Territory{false, {"VSGP"}, {}, {}}, {}};
    const auto first = f.accounts.invite(f.database, "claire", standing, "anne");
    const auto second = f.accounts.invite(f.database, "claire", standing, "anne");
    REQUIRE(second.ok());
    CHECK(f.people.accept_invitation(f.database, first->secret, long_password, "").error().category == Category::missing); // the newest counts
    CHECK(f.people.accept_invitation(f.database, second->secret, "court", "").error().category == Category::invalid);
    REQUIRE(f.people.accept_invitation(f.database, second->secret, long_password, "").ok());
    CHECK(f.people.accept_invitation(f.database, second->secret, long_password, "").error().category == Category::missing);
    const auto session = f.sign_in("claire");
    REQUIRE(session.ok());
    CHECK(session->person.role == Role::coordinator);
    CHECK(session->person.territory == standing.territory);
    CHECK(f.accounts.invite(f.database, "Claire", standing, "anne").error().category == Category::refused);
    CHECK(f.accounts.invite(f.database, "../x", standing, "anne").error().category == Category::invalid);

    const auto late = f.accounts.invite(f.database, "zoe", standing, "anne");
    f.clock.advance(Accounts::invitation_lasts);
    CHECK(f.people.accept_invitation(f.database, late->secret, long_password, "").error().category == Category::missing);
    const auto withdrawn = f.accounts.invite(f.database, "zoe", standing, "anne");
    REQUIRE(f.accounts.withdraw(f.database, withdrawn->invitation.id).ok());
    CHECK(f.people.accept_invitation(f.database, withdrawn->secret, long_password, "").error().category == Category::missing);
}

TEST_CASE("a link for a forgotten password gives a new one and ends what was open") {
    Fixture f;
    f.anne();
    f.add("zoe", f.evaluator);
    const auto session = f.sign_in("zoe");
    const auto link = f.accounts.renew(f.database, "zoe", "anne");
    REQUIRE(link.ok());
    CHECK(f.known(*session)); // nothing happens before it is used
    REQUIRE(f.people.accept_invitation(f.database, link->secret, "une toute nouvelle phrase", "").ok());
    CHECK_FALSE(f.known(*session));
    CHECK(f.sign_in("zoe").error().category == Category::refused);
    CHECK(f.sign_in("zoe", "une toute nouvelle phrase").ok());
    CHECK(f.accounts.renew(f.database, "personne", "anne").error().category == Category::missing);
    const auto late = f.accounts.renew(f.database, "zoe", "anne");
    f.clock.advance(Accounts::renewal_lasts);
    CHECK(f.people.accept_invitation(f.database, late->secret, long_password, "").error().category == Category::missing);
}

TEST_CASE("who is ended is out at once, for ever, and the last administrator stays one") {
    Fixture f;
    f.anne();
    f.add("zoe", {Role::administrator, Territory::all(), {}});
    const auto session = f.sign_in("zoe");
    const auto script = f.tokens.make(f.database, session->person, "essai", Role::administrator, 3);
    const auto link = f.accounts.renew(f.database, "zoe", "anne");
    REQUIRE(f.accounts.end(f.database, "zoe").ok());
    CHECK_FALSE(f.known(*session));
    CHECK_FALSE((*f.people.identify(f.database, script->secret, SessionKind::token)).has_value());
    CHECK(f.sign_in("zoe").error().category == Category::refused);
    CHECK(f.people.accept_invitation(f.database, link->secret, long_password, "").error().category == Category::missing);
    CHECK(f.accounts.invite(f.database, "zoe", f.evaluator, "anne").error().category == Category::refused);
    CHECK(f.accounts.end(f.database, "zoe").error().category == Category::missing);
    CHECK(f.accounts.change(f.database, "zoe", f.evaluator).error().category == Category::missing);
    CHECK(f.accounts.end(f.database, "anne").error().category == Category::refused);
    CHECK(f.accounts.change(f.database, "anne", f.evaluator).error().category == Category::refused);
    CHECK(f.sign_in("anne")->person.role == Role::administrator);
}

TEST_CASE("a new role holds from the next request on") {
    Fixture f;
    f.anne();
    f.add("zoe", f.evaluator);
    const auto session = f.sign_in("zoe");
    REQUIRE(f.accounts.change(f.database, "zoe", {Role::reception, Territory::all(), "fs-antony"}).ok());
    const auto person = *f.people.identify(f.database, session->secret, SessionKind::cookie);
    REQUIRE(person);
    CHECK(person->role == Role::reception);
    CHECK(person->site == "fs-antony");
}

TEST_CASE("with a second factor the password alone opens nothing; each code is good once, each recovery code too") {
    Fixture f;
    f.anne();
    const auto key = f.second_factor.begin(f.database, "anne");
    REQUIRE(key.ok());
    CHECK(f.sign_in("anne").ok()); // not before it is confirmed
    const auto code = [&] { return one_time_code(*key, one_time_step(f.clock.wall())); };
    CHECK(f.second_factor.confirm(f.database, "anne", "000000").error().category == Category::invalid);
    const auto recovery = f.second_factor.confirm(f.database, "anne", code());
    REQUIRE(recovery.ok());
    CHECK(recovery->size() == 10);
    CHECK(f.sign_in("anne").error().message == People::code_wanted);
    CHECK(f.sign_in("anne", "faux", SessionKind::cookie, code()).error().message != People::code_wanted); // says nothing of the code
    CHECK(f.sign_in("anne", long_password, SessionKind::cookie, code()).error().message == People::code_wrong); // was used to confirm
    f.clock.advance(std::chrono::seconds(31));
    CHECK(f.sign_in("anne", long_password, SessionKind::cookie, code()).ok());
    CHECK(f.sign_in("anne", long_password, SessionKind::token, code()).error().message == People::code_wrong);
    CHECK(f.sign_in("anne", long_password, SessionKind::cookie, recovery->front()).ok());
    CHECK(f.sign_in("anne", long_password, SessionKind::cookie, recovery->front()).error().message == People::code_wrong);
    REQUIRE(f.second_factor.remove(f.database, "anne").ok());
    CHECK(f.sign_in("anne").ok());
}

TEST_CASE("codes cannot be guessed: ten tries, then the right one waits too") {
    Fixture f;
    f.anne();
    const auto key = f.second_factor.begin(f.database, "anne");
    REQUIRE(f.second_factor.confirm(f.database, "anne", one_time_code(*key, one_time_step(f.clock.wall()))).ok());
    f.clock.advance(std::chrono::minutes(1));
    for (int i = 0; i < 10; ++i) {
        CHECK(f.sign_in("anne").error().message == People::code_wanted); // asking for the code is no guess
        CHECK(f.sign_in("anne", long_password, SessionKind::cookie, "000000").error().message == People::code_wrong);
    }
    const std::string right = one_time_code(*key, one_time_step(f.clock.wall()));
    CHECK(f.sign_in("anne", long_password, SessionKind::cookie, right).error().category == Category::timeout);
}

TEST_CASE("a token acts for its maker, never beyond what the maker may do then, and ends on its day") {
    Fixture f;
    f.anne();
    f.add("claire", {Role::coordinator, Territory{false, {"VSGP"}, {}, {}}, {}});
    const Person claire = f.sign_in("claire")->person;
    const auto who = [&](const std::string& secret) { return *f.people.identify(f.database, secret, SessionKind::token); };
    const auto token = f.tokens.make(f.database, claire, "export du lundi", Role::coordinator, 30);
    REQUIRE(token.ok());
    REQUIRE(who(token->secret));
    CHECK(who(token->secret)->role == Role::coordinator);
    CHECK(who(token->secret)->territory == claire.territory);
    CHECK(who(token->secret)->by == "token export du lundi");
    CHECK(f.tokens.make(f.database, claire, "x", Role::administrator, 30).error().category == Category::invalid);
    CHECK(f.tokens.make(f.database, claire, "x", Role::reception, 30).error().category == Category::invalid);
    CHECK(f.tokens.make(f.database, claire, "", Role::evaluator, 30).error().category == Category::invalid);
    for (const int days : {0, -1, 367})
        CHECK(f.tokens.make(f.database, claire, "x", Role::evaluator, days).error().category == Category::invalid);
    // Her role shrinks, and the token's with it.
    REQUIRE(f.accounts.change(f.database, "claire", f.evaluator).ok());
    CHECK(who(token->secret)->role == Role::evaluator);
    REQUIRE(f.accounts.change(f.database, "claire", {Role::reception, Territory::all(), "a"}).ok());
    CHECK_FALSE(who(token->secret));
    REQUIRE(f.accounts.change(f.database, "claire", f.evaluator).ok());
    f.clock.advance(std::chrono::hours(24 * 30));
    CHECK_FALSE(who(token->secret));
}

TEST_CASE("what makes a password bad is said before anything is kept") {
    for (const char* bad : {"court", "aaaaaaaaaaaaaaaa", "motdepasse123", "Password12345", "123456789012", "azertyuiop12", "ééééééééééé"})
        CHECK_FALSE(Passwords::check("anne", bad).ok());
    CHECK_FALSE(Passwords::check("anne.martin-durand", "anne.martin-durand").ok());
    CHECK_FALSE(Passwords::check("anne", "\xff\xfe mot de passe long").ok());
    for (const char* good : {"un mot de passe bien long", "quatre chats gris dorment", "éàùçœ-éàùçœ-é"})
        CHECK(Passwords::check("anne", good).ok());
}
