#include "playlists/server/people/people.hpp"

#include "content/base/digest.hpp"
#include "content/base/encoding.hpp"
#include "content/lib/sodium/ed25519.hpp"

#include <array>
#include <utility>

namespace capsule::server {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds use_noted_every = 5min;

struct Lifetime {
    Milliseconds idle, whole;
};

Lifetime lifetime(SessionKind kind) {
    return kind == SessionKind::cookie ? Lifetime{12h, 7 * 24h} : Lifetime{90 * 24h, 365 * 24h};
}

std::string_view name_of(SessionKind kind) {
    return kind == SessionKind::cookie ? "cookie" : "token";
}

bool is_login(std::string_view login) {
    if (login.empty() || login.size() > 64 || !is_utf8(login))
        return false;
    for (const unsigned char c : login)
        if (c < 0x21 || c == 0x7f)
            return false;
    return true;
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

// A place among those who come in, then one among those whose password is being hashed; given back when it goes.
class Entry {
public:
    Entry(std::counting_semaphore<>& entering, std::counting_semaphore<>& hashing) : m_entering(entering), m_hashing(hashing) {
        m_inside = m_entering.try_acquire();
        if (m_inside)
            m_hashing.acquire();
    }
    ~Entry() {
        if (!m_inside)
            return;
        m_hashing.release();
        m_entering.release();
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    bool inside() const { return m_inside; }

private:
    std::counting_semaphore<>& m_entering;
    std::counting_semaphore<>& m_hashing;
    bool m_inside = false;
};

Error crowded() {
    return {Category::timeout, "many people are signing in at this moment: try again in a few seconds"};
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
        return Error{Category::invalid, "the login has 1 to 64 characters and no spaces"};
    if (password.size() < shortest_password || password.size() > 1024 || !is_utf8(password))
        return Error{Category::invalid, "the password needs at least 12 characters"};
    const Entry entry(m_entering, m_hashing);
    if (!entry.inside())
        return crowded();
    CAPSULE_TRY(hashed, hash_password(password)); // before the transaction: it takes a tenth of a second
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_CHECK(check());
    CAPSULE_TRY(insert, database.prepare("INSERT INTO accounts(login, role, password, created_ms) VALUES(?1, ?2, ?3, ?4)"));
    insert.bind(1, login);
    insert.bind(2, std::string_view(to_string(Role::administrator)));
    insert.bind(3, std::string_view(hashed));
    insert.bind(4, to_ms(m_clock.wall()));
    CAPSULE_CHECK(insert.run());
    CAPSULE_CHECK(database.execute("DELETE FROM first_account"));
    CAPSULE_CHECK(transaction.commit());
    return Person{std::string(login), Role::administrator, Territory::all(), {}, "session"};
}

// Written before the password is checked, so that attempts in parallel are counted too.
Result<void> People::count_attempt(sqlite::Database& database, std::string_view login) {
    const std::int64_t now = to_ms(m_clock.wall());
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    // Also what lies in the future: the clock was set back.
    CAPSULE_TRY(forget, database.prepare("DELETE FROM sign_in_attempts WHERE at_ms<=?1 OR at_ms>?2"));
    forget.bind(1, now - attempts_span.count());
    forget.bind(2, now);
    CAPSULE_CHECK(forget.run());
    CAPSULE_TRY(count, database.prepare("SELECT count(*) FROM sign_in_attempts WHERE login=?1"));
    count.bind(1, login);
    CAPSULE_TRY(row, count.step());
    if (row && count.integer(0) >= most_attempts)
        return Error{Category::timeout, "too many attempts for this login: wait a quarter of an hour"};
    CAPSULE_TRY(insert, database.prepare("INSERT INTO sign_in_attempts(login, at_ms) VALUES(?1, ?2)"));
    insert.bind(1, login);
    insert.bind(2, now);
    CAPSULE_CHECK(insert.run());
    return transaction.commit();
}

Result<Session> People::sign_in(sqlite::Database& database, std::string_view login, std::string_view password, SessionKind kind) {
    const Error wrong{Category::refused, "the login or the password is wrong"};
    if (!is_login(login) || password.size() > 1024)
        return wrong;
    const Entry entry(m_entering, m_hashing);
    if (!entry.inside())
        return crowded();
    CAPSULE_CHECK(count_attempt(database, login));
    std::string stored;
    Person person;
    {
        CAPSULE_TRY(select, database.prepare("SELECT login, role, territory, site, password FROM accounts"
                                             " WHERE login=?1 AND ended_ms IS NULL"));
        select.bind(1, login);
        CAPSULE_TRY(row, select.step());
        if (row) {
            person = person_in(select);
            stored = select.text(4);
        }
    }
    if (stored.empty()) {
        (void)hash_password(password); // an unknown login takes as long
        return wrong;
    }
    if (!password_matches(stored, password))
        return wrong;

    const std::int64_t now = to_ms(m_clock.wall());
    Session session{std::move(person), m_random.hex(32), m_clock.wall() + lifetime(kind).whole};
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_TRY(forget, database.prepare("DELETE FROM sign_in_attempts WHERE login=?1"));
    forget.bind(1, login);
    CAPSULE_CHECK(forget.run());
    CAPSULE_TRY(expire, database.prepare("DELETE FROM sessions WHERE expires_ms<=?1"));
    expire.bind(1, now);
    CAPSULE_CHECK(expire.run());
    CAPSULE_TRY(insert,
                database.prepare(
                    "INSERT INTO sessions(digest, kind, login, created_ms, used_ms, expires_ms) VALUES(?1, ?2, ?3, ?4, ?4, ?5)"));
    insert.bind(1, std::string_view(sha256(session.secret).hex()));
    insert.bind(2, name_of(kind));
    insert.bind(3, login);
    insert.bind(4, now);
    insert.bind(5, to_ms(session.expires_at));
    CAPSULE_CHECK(insert.run());
    CAPSULE_CHECK(transaction.commit());
    return session;
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
    if (!row)
        return nobody;
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

} // namespace capsule::server
