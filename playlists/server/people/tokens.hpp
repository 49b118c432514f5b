// Tokens for scripts: a secret with a name, a role and an end, in place of somebody's password. Thread-safe; each call takes the caller's
// connection and becomes part of its transaction when there is one.
//
// A token acts for the person who made it: never beyond what that person may do at that moment, and no longer than the account.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/random.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/server/people/person.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace capsule::server {

class Tokens {
public:
    static constexpr int longest_days = 366;
    static constexpr int most_each = 50;

    Tokens(const Clock& clock, Random& random) : m_clock(clock), m_random(random) {}

    struct Made {
        std::string id, secret; // the secret is shown once; only its digest is kept
        Instant expires{};
    };
    // Invalid: no name, a span that is none, or a role that is not the person's own or a lesser one (evaluator < contributor < coordinator <
    // administrator). Refused: 50 are there already.
    Result<Made> make(sqlite::Database& database, const Person& person, const std::string& name, Role role, int days) const;
    // {"tokens": [{"id", "name", "role", "created", "last_used", "expires"}]}, expired ones left out.
    Result<std::string> list(sqlite::Database& database, const std::string& login) const;
    // Missing: no such token of that login.
    Result<std::string> image(sqlite::Database& database, const std::string& login, const std::string& id) const;
    // Well also when it was not there.
    Result<void> remove(sqlite::Database& database, const std::string& login, const std::string& id) const;

    // Who acts by this secret; empty: nobody.
    Result<std::optional<Person>> identify(sqlite::Database& database, std::string_view secret) const;

private:
    const Clock& m_clock;
    Random& m_random;
};

} // namespace capsule::server
