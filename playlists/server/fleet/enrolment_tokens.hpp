// Tokens that are carried to machines on a stick: whoever brings one is enrolled for the screen that it was made for, once, until it expires.
// Thread-safe; each call takes the caller's connection. The database holds their digests only.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "content/lib/sodium/ed25519.hpp"
#include "content/lib/sqlite/database.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace capsule::server {

// DDL, SQLite.
std::string_view enrolment_tokens_schema();

class EnrolmentTokens {
public:
    static constexpr Milliseconds shortest = std::chrono::minutes(1);
    static constexpr Milliseconds longest = std::chrono::hours(24 * 366);

    EnrolmentTokens(const Clock& clock, Random& random) : m_clock(clock), m_random(random) {}

    struct Issued {
        std::string token; // 64 hexadecimal digits; told once
        Instant expires_at{};
    };
    // For a screen that is there; former tokens of that screen that were not used count no more. `by` is the login of who asks for it.
    // Invalid: a span out of bounds.
    Result<Issued> issue(sqlite::Database& database, const std::string& screen, Milliseconds valid_for, const std::string& by);

    enum class Refusal {
        unknown,  // not of this server, or replaced by a newer one
        used,     // by another machine
        expired,
        served,   // the screen has a machine already; the token is not used up
    };
    struct Refused {
        Refusal why = Refusal::unknown;
        std::string detail; // one line
    };
    // The screen that the machine is to be; the token is used up with that. The same machine hears the same again, since its answer may
    // have been lost on the way.
    Result<std::variant<std::string, Refused>> redeem(sqlite::Database& database, std::string_view token, const PublicKey& key);
    // The screen it was for turned out to be taken: the token can be used again.
    Result<void> give_back(sqlite::Database& database, std::string_view token, const PublicKey& key);

private:
    const Clock& m_clock;
    Random& m_random;
};

const char* to_string(EnrolmentTokens::Refusal why);

} // namespace capsule::server
