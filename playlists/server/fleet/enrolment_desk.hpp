// Machines that wait to be told which screen they are, each with a code for somebody to read out. Thread-safe. Nothing is kept over a
// restart: a machine asks again within seconds and shows the code that it then gets.
//
// A code is 40 random bits, so guessing is a matter of how often one may try: see the limits. They are on wrong codes only, and when
// they are reached the right code is refused too.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "content/lib/sodium/ed25519.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace capsule::server {

class EnrolmentDesk {
public:
    static constexpr std::size_t code_length = 8;
    static constexpr Milliseconds shown_for = std::chrono::minutes(15);
    static constexpr Milliseconds grace = std::chrono::minutes(5);           // a code that was just replaced may be on its way by phone
    static constexpr Milliseconds forgotten_after = std::chrono::minutes(2); // without a word from the machine
    static constexpr std::size_t most_waiting = 256;
    static constexpr std::size_t most_new = 60; // machines a minute
    static constexpr Milliseconds wrong_span = std::chrono::minutes(15);
    static constexpr std::size_t most_wrong = 100; // in that span, by all accounts together
    static constexpr std::size_t most_wrong_each = 10;

    EnrolmentDesk(const Clock& clock, Random& random) : m_clock(clock), m_random(random) {}

    struct Waiting {
        std::string code; // eight characters of Crockford's base 32
        Milliseconds expires_in{};
    };
    // The machine with that key waits, or still waits. `counter` is its signed request's. Refused: that request, or a later one, was
    // received before. Timeout: too many machines wait; try again in a minute.
    Result<Waiting> announce(const PublicKey& key, std::uint64_t counter);

    // Whose code that is. Case, spaces and hyphens do not matter; O is read as 0, I and L as 1. Invalid: it has not the shape of a code.
    // Missing: nobody waits with it. Timeout: too many wrong codes; wait a quarter of an hour.
    Result<PublicKey> find(const std::string& login, std::string_view typed);
    // It waits no more.
    void done(const PublicKey& key);

private:
    struct Machine {
        std::string code, former;
        Nanoseconds made{}, heard{};
        std::uint64_t counter = 0;
    };
    void tidy_while_locked(Nanoseconds now);
    std::string fresh_code_while_locked();

    const Clock& m_clock;
    Random& m_random;
    std::mutex m_mutex;
    std::map<PublicKey, Machine> m_machines;
    std::deque<Nanoseconds> m_arrivals;
    std::deque<std::pair<Nanoseconds, std::string>> m_wrong; // when, by whom
};

} // namespace capsule::server
