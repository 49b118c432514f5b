// Who has an account, what each may do, and invitations to one. Thread-safe; each call takes the caller's connection and becomes part of
// its transaction when there is one. Passwords and sessions: people.hpp.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/random.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/server/people/standing.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace capsule::server {

// DDL, SQLite.
std::string_view invitations_schema();

// An invitation makes an account, or gives one that is there a new password.
struct Invitation {
    std::string id; // names it in lists; no secret
    std::string login;
    Standing standing;
    bool renews = false; // for an account that is there
    std::string made_by;
    Instant made{}, expires{};
};

class Accounts {
public:
    static constexpr Milliseconds invitation_lasts = std::chrono::hours(7 * 24);
    static constexpr Milliseconds renewal_lasts = std::chrono::hours(24);

    Accounts(const Clock& clock, Random& random) : m_clock(clock), m_random(random) {}

    // {"people": [person, …]}; a person as `person` gives it.
    Result<std::string> list(sqlite::Database& database) const;
    // {"login", "role", "territory", "site", "second_factor", "created", "ended", "last_seen"}. Missing when there is no such account.
    Result<std::string> person(sqlite::Database& database, const std::string& login) const;
    // The same without last_seen: what an edit is held against.
    Result<std::string> image(sqlite::Database& database, const std::string& login) const;

    // Missing: there is no such account, or it was ended. Refused: nobody would administrate any more.
    Result<void> change(sqlite::Database& database, const std::string& login, const Standing& standing) const;
    // Ends the account for ever, with its sessions and tokens. The login is not given again.
    Result<void> end(sqlite::Database& database, const std::string& login) const;

    struct Invited {
        Invitation invitation;
        std::string secret; // of the link; only its digest is kept
    };
    // Invalid: no login. Refused: the login is or was somebody's.
    Result<Invited> invite(sqlite::Database& database, const std::string& login, const Standing& standing, const std::string& by) const;
    // For somebody who cannot sign in any more. Missing: there is no such account.
    Result<Invited> renew(sqlite::Database& database, const std::string& login, const std::string& by) const;
    // {"invitations": [invitation, …]}, those that can still be used.
    Result<std::string> invitations(sqlite::Database& database) const;
    Result<std::string> invitation(sqlite::Database& database, const std::string& id) const;
    // Well also when it was not there.
    Result<void> withdraw(sqlite::Database& database, const std::string& id) const;
    // Missing when it was used, withdrawn, has expired, or never was.
    Result<Invitation> find(sqlite::Database& database, std::string_view secret) const;
    // Uses it up: makes the account or gives it the password, which comes hashed, and ends the account's sessions. As `find`.
    Result<Invitation> accept(sqlite::Database& database, std::string_view secret, const std::string& hashed) const;

private:
    Result<Invited> make_invitation(sqlite::Database& database, Invitation invitation) const;

    const Clock& m_clock;
    Random& m_random;
};

// Ends all sessions, tokens and remembered browsers of a login.
Result<void> end_sessions(sqlite::Database& database, std::string_view login);

} // namespace capsule::server
