// Proposals and what became of them. Thread-safe; each call takes the caller's connection and becomes part of its transaction when there
// is one.
#pragma once

#include "content/base/clock.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/server/people/territory.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace capsule::server {

// DDL, SQLite.
std::string_view proposals_schema();

struct Proposal {
    std::int64_t number = 0;
    std::string who;
    Territory territory; // of whoever proposed it, then
    Instant made{};
    std::string method, path, body; // the request as it was sent
    std::string subject, id;        // of the object
    std::optional<std::string> before; // the object as it was
    std::string state = "waiting";  // waiting, approved, refused, withdrawn
    std::string decided_by, reason;
    std::optional<Instant> decided;
};

class Proposals {
public:
    explicit Proposals(const Clock& clock) : m_clock(clock) {}

    // In place of one by the same person for the same object that still waits. Returns the number.
    Result<std::int64_t> add(sqlite::Database& database, const Proposal& proposal) const;
    // Missing when there is none of that number.
    Result<Proposal> get(sqlite::Database& database, std::int64_t number) const;
    // Refused when it does not wait any more.
    Result<void> decide(sqlite::Database& database, std::int64_t number, std::string_view state, const std::string& by,
                        const std::string& reason) const;
    // {"proposals": [{"number", "who", "territory", "made", "method", "subject", "id", "before", "after", "state", "decided_by", "decided",
    // "reason"}]}, newest first: those of that login when it is not empty, else those within the territory. At most 200.
    Result<std::string> list(sqlite::Database& database, const std::string& login, const Territory& territory) const;

private:
    const Clock& m_clock;
};

// One as the list has it.
std::string to_json_text(const Proposal& proposal);

} // namespace capsule::server
