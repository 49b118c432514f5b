// Requests with rows that were refused: how often, by device and day, and why the last one. Thread-safe.
//
// Whoever floods the server with forged requests must not make it write for each: what is noted stays in memory and is written at
// most once a second, when somebody is there with a connection. A kill loses the last second of it.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace capsule::server {

enum class Refusal {
    unknown,  // nobody who is enrolled
    forged,   // the signature does not fit
    replayed, // seen before
    altered,  // signed, but rows that cannot be read, are alien or break the chain
    revoked,
};
const char* to_string(Refusal kind);

class Refusals {
public:
    explicit Refusals(const Clock& clock) : m_clock(clock) {}

    // `device`: an enrolled one, or empty.
    void note(const std::string& device, Refusal kind, std::string reason);
    // Writes what was noted, when the last time was a second ago; when it fails it stays noted.
    Result<void> write_when_due(sqlite::Database& database);
    Result<void> write(sqlite::Database& database);

private:
    struct Noted {
        std::int64_t times = 0;
        Instant last{};
        std::string reason;
    };
    const Clock& m_clock;
    std::mutex m_mutex;
    std::map<std::pair<std::string, Refusal>, Noted> m_noted;
    Nanoseconds m_written{};
};

} // namespace capsule::server
