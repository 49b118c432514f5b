#include "playlists/server/people/people.hpp"

#include "content/base/digest.hpp"
#include "content/base/encoding.hpp"
#include "content/lib/sodium/ed25519.hpp"

#include <utility>

namespace capsule::server {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds use_noted_every = 5min;
constexpr Milliseconds browser_known_for = 180 * 24h;

struct Lifetime {
    Milliseconds idle, whole;
};

Lifetime lifetime(SessionKind kind) {
    return kind == SessionKind::cookie ? Lifetime{12h, 7 * 24h} : Lifetime{90 * 24h, 365 * 24h};
}

std::string_view name_of(SessionKind kind) {
    return kind == SessionKind::cookie ? "cookie" : "token";
}

// Of a row that begins with login, role, territory, site.
Person person_in(const sqlite::Statement& row) {
    return {row.text(0), parse_role(row.text(1)).value_or(Role::reception),
            row.is_null(2) ? Territory::all() : territory_from_text(row.text(2)), row.text(3), "session"};
}

Result<bool> any_account(sqlite::Database& database) {
    CAPSULE_TRY(select, database.prepare("SELECT 1 FROM accounts LIMIT 1"));
    return select.step();
}

// Empty: there is no such account, or it was ended.
Result<std::optional<std::pair<Person, std::string>>> find_account(sqlite::Database& database, std::string_view login) {
    std::optional<std::pair<Person, std::string>> found;
    CAPSULE_TRY(select, database.prepare("SELECT login, role, territory, site, password FROM accounts WHERE login=?1 AND ended_ms IS NULL"));
    select.bind(1, login);
    CAPSULE_TRY(row, select.step());
    if (row)
        found.emplace(person_in(select), select.text(4));
    return found;
}

Change change_of_person(std::string who, std::string by, std::string action, std::string id) {
    Change change;
    change.who = std::move(who);
    change.by = std::move(by);
    change.action = std::move(action);
    change.subject = "person";
    change.id = std::move(id);
    return change;
}

Error wrong_password() {
    return {Category::refused, "the password is not the right one"};
}

} // namespace

std::string_view people_schema() {
    return "CREATE TABLE accounts(login TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, created_ms INTEGER NOT "
           "NULL) STRICT;"
           "CREATE TABLE sessions(digest TEXT PRIMARY KEY, kind TEXT NOT NULL, login TEXT NOT NULL REFERENCES accounts(login),"
           " created_ms INTEGER NOT NULL, used_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL) STRICT;"
           "CREATE INDEX sessions_login ON sessions(login);"
           "CREATE TABLE sign_in_attempts(login TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT;"
           "CREATE INDEX sign_in_attempts_login ON sign_in_attempts(login, at_ms);"
           "CREATE TABLE first_account(id INTEGER PRIMARY KEY CHECK(id=1), digest TEXT NOT NULL) STRICT;";
}

// Accounts made before territories were known may act everywhere, as they did.
std::string_view people_standing_schema() {
    return "ALTER TABLE accounts ADD COLUMN territory TEXT;" // as territory_text writes it; NULL: everywhere
           "ALTER TABLE accounts ADD COLUMN site TEXT;"      // of reception
           "ALTER TABLE accounts ADD COLUMN ended_ms INTEGER;";
}

Result<std::optional<std::string>> People::issue_first_secret(sqlite::Database& database) {
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_TRY(exists, any_account(database));
    if (exists)
        return std::optional<std::string>{};
    const std::string secret = m_random.hex(16);
    CAPSULE_TRY(insert, database.prepare("INSERT INTO first_account(id, digest) VALUES(1, ?1)"
                                         " ON CONFLICT(id) DO UPDATE SET digest=excluded.digest"));
    insert.bind(1, std::string_view(sha256(secret).hex()));
    CAPSULE_CHECK(insert.run());
    CAPSULE_CHECK(transaction.commit());
    return std::optional(secret);
}

Result<Person> People::create_first(sqlite::Database& database, std::string_view secret, std::string_view login,
                                    std::string_view password) {
    const Error refused{Category::refused, "the link was used already or is not the one that the server printed last"};
    const auto check = [&]() -> Result<void> {
        CAPSULE_TRY(exists, any_account(database));
        if (exists)
            return refused;
        CAPSULE_TRY(select, database.prepare("SELECT digest FROM first_account"));
        CAPSULE_TRY(row, select.step());
        if (!row || !equal_in_constant_time(select.text(0), sha256(secret).hex()))
            return refused;
        return {};
    };
    CAPSULE_CHECK(check());
    if (!is_login(login))
        return Error{Category::invalid, "the login has 1 to 64 letters without accents, digits, full stops and hyphens"};
    CAPSULE_CHECK(Passwords::check(login, password));
    CAPSULE_TRY(hashed, m_passwords.hash(password)); // before the transaction: it takes a tenth of a second
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_CHECK(check());
    CAPSULE_TRY(insert, database.prepare("INSERT INTO accounts(login, role, password, created_ms) VALUES(?1, ?2, ?3, ?4)"));
    insert.bind(1, login);
    insert.bind(2, std::string_view(to_string(Role::administrator)));
    insert.bind(3, std::string_view(hashed));
    insert.bind(4, to_ms(m_clock.wall()));
    CAPSULE_CHECK(insert.run());
    CAPSULE_CHECK(database.execute("DELETE FROM first_account"));
    Change change = change_of_person(std::string(login), "link", "create", std::string(login));
    CAPSULE_TRY(image, m_accounts.image(database, change.id));
    change.after = image;
    CAPSULE_CHECK(m_changes.append(database, std::move(change)));
    CAPSULE_CHECK(transaction.commit());
    return Person{std::string(login), Role::administrator, Territory::all(), {}, "session"};
}

Result<bool> People::knows_browser(sqlite::Database& database, std::string_view login, std::string_view secret) const {
    if (secret.size() != 64)
        return false;
    CAPSULE_TRY(select, database.prepare("SELECT 1 FROM known_browsers WHERE digest=?1 AND login=?2 AND expires_ms>?3"));
    select.bind(1, std::string_view(sha256(secret).hex()));
    select.bind(2, login);
    select.bind(3, to_ms(m_clock.wall()));
    return select.step();
}

// Counted before anything is looked at, so that attempts in parallel are counted too.
Result<void> People::admit(const std::string& login_bucket, const std::string& client) {
    if (!client.empty() && !m_by_client.admit(client, most_from_one_client))
        return Error{Category::timeout, "too many attempts from this network: wait a quarter of an hour"};
    if (!m_by_login.admit(login_bucket, most_attempts)) {
        m_by_client.take_back(client);
        return Error{Category::timeout, "too many attempts for this login: wait a quarter of an hour"};
    }
    return {};
}

// Only this one is taken back from the address: somebody behind it may be guessing others' passwords all the same.
void People::was_right(const std::string& login_bucket, const std::string& client) {
    m_by_login.forgive(login_bucket);
    m_by_client.take_back(client);
}

Result<Session> People::open_session(sqlite::Database& database, Person person, SessionKind kind) {
    const std::int64_t now = to_ms(m_clock.wall());
    Session session{std::move(person), m_random.hex(32), m_clock.wall() + lifetime(kind).whole, {}};
    for (const char* sql : {"DELETE FROM sessions WHERE expires_ms<=?1", "DELETE FROM known_browsers WHERE expires_ms<=?1"}) {
        CAPSULE_TRY(expire, database.prepare(sql));
        expire.bind(1, now);
        CAPSULE_CHECK(expire.run());
    }
    CAPSULE_TRY(insert,
                database.prepare(
                    "INSERT INTO sessions(digest, kind, login, created_ms, used_ms, expires_ms) VALUES(?1, ?2, ?3, ?4, ?4, ?5)"));
    insert.bind(1, std::string_view(sha256(session.secret).hex()));
    insert.bind(2, name_of(kind));
    insert.bind(3, std::string_view(session.person.login));
    insert.bind(4, now);
    insert.bind(5, to_ms(session.expires_at));
    CAPSULE_CHECK(insert.run());
    if (kind == SessionKind::cookie) {
        session.known_browser = m_random.hex(32);
        CAPSULE_TRY(known, database.prepare("INSERT INTO known_browsers(digest, login, expires_ms) VALUES(?1, ?2, ?3)"));
        known.bind(1, std::string_view(sha256(session.known_browser).hex()));
        known.bind(2, std::string_view(session.person.login));
        known.bind(3, now + browser_known_for.count());
        CAPSULE_CHECK(known.run());
    }
    return session;
}

Result<Session> People::sign_in(sqlite::Database& database, const SignIn& with) {
    const Error wrong{Category::refused, "the login or the password is wrong"};
    if (with.login.empty() || with.login.size() > 64 || with.password.size() > 1024)
        return wrong;
    CAPSULE_TRY(known, knows_browser(database, with.login, with.known_browser));
    const std::string bucket = sha256(known ? with.known_browser : with.login).hex();
    CAPSULE_CHECK(admit(bucket, with.client));
    CAPSULE_TRY(account, find_account(database, with.login));
    const auto matches = m_passwords.matches(account ? account->second : "", with.password);
    if (!matches) { // nothing was looked at
        m_by_login.take_back(bucket);
        m_by_client.take_back(with.client);
        return matches.error();
    }
    if (!*matches)
        return wrong;
    CAPSULE_TRY(second, m_second_factor.check(database, with.login, with.code));
    if (second == SecondFactor::Answer::wrong)
        return Error{Category::refused, std::string(code_wrong)};
    if (second == SecondFactor::Answer::missing) {
        m_by_login.take_back(bucket); // no guess
        m_by_client.take_back(with.client);
        return Error{Category::refused, std::string(code_wanted)};
    }
    was_right(bucket, with.client);
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    if (known && with.kind == SessionKind::cookie) { // the browser gets a fresh one
        CAPSULE_TRY(forget, database.prepare("DELETE FROM known_browsers WHERE digest=?1"));
        forget.bind(1, std::string_view(sha256(with.known_browser).hex()));
        CAPSULE_CHECK(forget.run());
    }
    CAPSULE_TRY(session, open_session(database, account->first, with.kind));
    CAPSULE_CHECK(transaction.commit());
    return std::move(session);
}

Result<std::optional<Person>> People::identify(sqlite::Database& database, std::string_view secret, SessionKind kind) {
    const std::optional<Person> nobody;
    if (secret.size() != 64)
        return nobody;
    const std::string digest = sha256(secret).hex();
    const std::int64_t now = to_ms(m_clock.wall());
    CAPSULE_TRY(select, database.prepare("SELECT a.login, a.role, a.territory, a.site, s.used_ms, s.expires_ms FROM sessions s"
                                         " JOIN accounts a ON a.login=s.login"
                                         " WHERE s.digest=?1 AND s.kind=?2 AND a.ended_ms IS NULL"));
    select.bind(1, std::string_view(digest));
    select.bind(2, name_of(kind));
    CAPSULE_TRY(row, select.step());
    if (!row) {
        select.reset();
        return kind == SessionKind::token ? m_tokens.identify(database, secret) : Result<std::optional<Person>>(nobody);
    }
    const std::int64_t used = select.integer(4);
    if (!parse_role(select.text(1)) || now >= select.integer(5) || now - used >= lifetime(kind).idle.count())
        return nobody;
    Person person = person_in(select);
    if (kind == SessionKind::token)
        person.by = "token";
    select.reset(); // a read that stays open would keep the write below from starting
    if (now - used >= use_noted_every.count() || now < used) {
        CAPSULE_TRY(update, database.prepare("UPDATE sessions SET used_ms=?1 WHERE digest=?2"));
        update.bind(1, now);
        update.bind(2, std::string_view(digest));
        // Somebody who is signed in stays so when the disk is full.
        (void)update.run();
    }
    return std::optional(std::move(person));
}

Result<void> People::sign_out(sqlite::Database& database, std::string_view secret) {
    CAPSULE_TRY(remove, database.prepare("DELETE FROM sessions WHERE digest=?1"));
    remove.bind(1, std::string_view(sha256(secret).hex()));
    return remove.run();
}

// By the login that is signed in: a stranger cannot use these tries up.
Result<void> People::check_password(sqlite::Database& database, const Person& person, std::string_view password) {
    const std::string bucket = "signed in " + person.login;
    CAPSULE_CHECK(admit(bucket, {}));
    CAPSULE_TRY(account, find_account(database, person.login));
    const auto matches = m_passwords.matches(account ? account->second : "", password);
    if (!matches) {
        m_by_login.take_back(bucket);
        return matches.error();
    }
    if (!*matches)
        return wrong_password();
    m_by_login.forgive(bucket);
    return {};
}

Result<Session> People::change_password(sqlite::Database& database, const Person& person, std::string_view current, std::string_view fresh) {
    CAPSULE_CHECK(check_password(database, person, current));
    CAPSULE_CHECK(Passwords::check(person.login, fresh));
    if (current == fresh)
        return Error{Category::invalid, "the new password is the old one"};
    CAPSULE_TRY(hashed, m_passwords.hash(fresh));
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_TRY(update, database.prepare("UPDATE accounts SET password=?2 WHERE login=?1 AND ended_ms IS NULL"));
    update.bind(1, std::string_view(person.login));
    update.bind(2, std::string_view(hashed));
    CAPSULE_CHECK(update.run());
    CAPSULE_CHECK(end_sessions(database, person.login));
    CAPSULE_CHECK(m_changes.append(database, change_of_person(person.login, person.by, "password", person.login)));
    CAPSULE_TRY(session, open_session(database, person, SessionKind::cookie));
    CAPSULE_CHECK(transaction.commit());
    return std::move(session);
}

Result<Invitation> People::find_invitation(sqlite::Database& database, std::string_view secret, const std::string& client) {
    if (!client.empty() && !m_by_client.admit(client, most_from_one_client))
        return Error{Category::timeout, "too many attempts from this network: wait a quarter of an hour"};
    auto found = m_accounts.find(database, secret);
    if (found)
        m_by_client.take_back(client);
    return found;
}

Result<Invitation> People::accept_invitation(sqlite::Database& database, std::string_view secret, std::string_view password,
                                             const std::string& client) {
    CAPSULE_TRY(found, find_invitation(database, secret, client));
    CAPSULE_CHECK(Passwords::check(found.login, password));
    CAPSULE_TRY(hashed, m_passwords.hash(password));
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_TRY(accepted, m_accounts.accept(database, secret, hashed));
    Change change = change_of_person(accepted.login, "link", accepted.renews ? "password" : "create", accepted.login);
    change.note = "invited by " + accepted.made_by;
    if (!accepted.renews) {
        CAPSULE_TRY(image, m_accounts.image(database, accepted.login));
        change.after = image;
    }
    CAPSULE_CHECK(m_changes.append(database, std::move(change)));
    CAPSULE_CHECK(transaction.commit());
    return std::move(accepted);
}

} // namespace capsule::server
