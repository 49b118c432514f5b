// Accounts and sessions. Thread-safe; each call takes the caller's connection and makes its own transaction.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/server/people/person.hpp"

#include <optional>
#include <semaphore>
#include <string>
#include <string_view>

namespace capsule::server {

enum class SessionKind { cookie, token };

struct Session {
    Person person;
    std::string secret; // goes to the client once; only its digest is kept
    Instant expires_at{};
};

// DDL, SQLite; of which the second was added later.
std::string_view people_schema();
std::string_view people_standing_schema();

class People {
public:
    static constexpr std::size_t shortest_password = 12;
    static constexpr int most_attempts = 10;
    static constexpr Milliseconds attempts_span = std::chrono::minutes(15);

    People(const Clock& clock, Random& random) : m_clock(clock), m_random(random) {}

    // A fresh secret for the first account, which replaces an earlier one; empty when there is an account already.
    Result<std::optional<std::string>> issue_first_secret(sqlite::Database& database);
    // Makes the first account. Refused when there is one or the secret is wrong; invalid for a bad login or a short password.
    Result<Person> create_first(sqlite::Database& database, std::string_view secret, std::string_view login,
                                std::string_view password);

    // Refused: wrong login or password. Timeout: too many attempts, or too many people at once; wait.
    Result<Session> sign_in(sqlite::Database& database, std::string_view login, std::string_view password, SessionKind kind);
    // Who holds this secret; empty when nobody does or it has expired. Notes the use, at most every five minutes.
    Result<std::optional<Person>> identify(sqlite::Database& database, std::string_view secret, SessionKind kind);
    Result<void> sign_out(sqlite::Database& database, std::string_view secret);

private:
    Result<void> count_attempt(sqlite::Database& database, std::string_view login);

    const Clock& m_clock;
    Random& m_random;
    std::counting_semaphore<> m_hashing{2}; // each takes a core and 64 MiB for a tenth of a second
    std::counting_semaphore<> m_entering{4}; // with those who wait: the other workers stay free for screens and visitors
};

} // namespace capsule::server
