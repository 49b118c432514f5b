// The second factor of an account: codes by the clock, and ten recovery codes for the day the telephone is lost. Thread-safe; each call
// takes the caller's connection and becomes part of its transaction when there is one.
//
// The secret has to lie in the database as it is, since codes are computed from it. Without the password, which does not, it opens nothing.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/random.hpp"
#include "content/lib/sqlite/database.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace capsule::server {

class SecondFactor {
public:
    static constexpr int recovery_codes = 10; // of 50 random bits each

    SecondFactor(const Clock& clock, Random& random) : m_clock(clock), m_random(random) {}

    enum class Answer { not_needed, missing, right, wrong };
    // Uses the code up when it is right: a code by the clock is good once, a recovery code too.
    Result<Answer> check(sqlite::Database& database, std::string_view login, std::string_view typed) const;

    // A fresh secret, which waits to be confirmed by a code that was made with it.
    Result<std::string> begin(sqlite::Database& database, std::string_view login) const;
    // From now on it is needed; returns the recovery codes ("7K3PX-2QFM9"), which are not shown again. Refused: nothing waits, or the code
    // is not one of it.
    Result<std::vector<std::string>> confirm(sqlite::Database& database, std::string_view login, std::string_view typed) const;
    // Well also when there was none.
    Result<void> remove(sqlite::Database& database, std::string_view login) const;

private:
    const Clock& m_clock;
    Random& m_random;
};

} // namespace capsule::server
