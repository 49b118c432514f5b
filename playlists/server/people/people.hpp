// Signing in: passwords, sessions, and who a secret belongs to. Thread-safe; each call takes the caller's connection and makes its own
// transaction, with its row in the log of changes where something changes.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/server/changes/change_log.hpp"
#include "playlists/server/people/accounts.hpp"
#include "playlists/server/people/attempts.hpp"
#include "playlists/server/people/passwords.hpp"
#include "playlists/server/people/person.hpp"
#include "playlists/server/people/second_factor.hpp"
#include "playlists/server/people/tokens.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace capsule::server {

enum class SessionKind { cookie, token };

struct Session {
    Person person;
    std::string secret; // goes to the client once; only its digest is kept
    Instant expires_at{};
    std::string known_browser; // of a cookie: a second secret, see SignIn
};

struct SignIn {
    std::string_view login, password;
    std::string_view code; // of the second factor; may be empty
    SessionKind kind = SessionKind::cookie;
    std::string client; // stands for the address, see RequestHead::client
    // What the browser keeps from an earlier session of this login: it is counted apart, so that a stranger who tries a login again and
    // again locks out strangers alone.
    std::string_view known_browser;
};

// DDL, SQLite; of which the second was added later.
std::string_view people_schema();
std::string_view people_standing_schema();

class People {
public:
    static constexpr std::size_t most_attempts = 10;         // of a login, in the span of Attempts
    static constexpr std::size_t most_from_one_client = 100; // of one address: a whole town hall may stand behind it

    People(const Clock& clock, Random& random, const Accounts& accounts, const SecondFactor& second_factor, const Tokens& tokens,
           const ChangeLog& changes)
        : m_clock(clock), m_random(random), m_accounts(accounts), m_second_factor(second_factor), m_tokens(tokens), m_changes(changes),
          m_by_login(clock), m_by_client(clock) {}

    // A fresh secret for the first account, which replaces an earlier one; empty when there is an account already.
    Result<std::optional<std::string>> issue_first_secret(sqlite::Database& database);
    // Makes the first account. Refused when there is one or the secret is wrong; invalid for a bad login or password.
    Result<Person> create_first(sqlite::Database& database, std::string_view secret, std::string_view login, std::string_view password);

    // Refused: wrong login or password, or `code_wanted` when the second factor is what is missing or wrong. Timeout: too many attempts,
    // or too many people at once; wait.
    static constexpr std::string_view code_wanted = "a code of the second factor is needed";
    static constexpr std::string_view code_wrong = "the code is wrong, or was used already";
    Result<Session> sign_in(sqlite::Database& database, const SignIn& with);
    // Who holds this secret; empty when nobody does or it has expired. Notes the use, at most every five minutes.
    Result<std::optional<Person>> identify(sqlite::Database& database, std::string_view secret, SessionKind kind);
    Result<void> sign_out(sqlite::Database& database, std::string_view secret);

    // Before something that a stolen session alone must not do. Refused: it is not the password. Timeout: as sign_in.
    Result<void> check_password(sqlite::Database& database, const Person& person, std::string_view password);
    // Ends all sessions and tokens of the person; returns a new session for who asks. As check_password; invalid: the new one is no good.
    Result<Session> change_password(sqlite::Database& database, const Person& person, std::string_view current, std::string_view fresh);
    // Whoever holds the secret of an invitation chooses a password. Missing: as Accounts::find. Timeout: as sign_in.
    Result<Invitation> accept_invitation(sqlite::Database& database, std::string_view secret, std::string_view password,
                                         const std::string& client);
    // Counted as a guess when it is none. As accept_invitation.
    Result<Invitation> find_invitation(sqlite::Database& database, std::string_view secret, const std::string& client);

private:
    Result<bool> knows_browser(sqlite::Database& database, std::string_view login, std::string_view secret) const;
    Result<void> admit(const std::string& login_bucket, const std::string& client);
    void was_right(const std::string& login_bucket, const std::string& client);
    Result<Session> open_session(sqlite::Database& database, Person person, SessionKind kind);

    const Clock& m_clock;
    Random& m_random;
    const Accounts& m_accounts;
    const SecondFactor& m_second_factor;
    const Tokens& m_tokens;
    const ChangeLog& m_changes;
    Passwords m_passwords;
    Attempts m_by_login, m_by_client;
};

} // namespace capsule::server
