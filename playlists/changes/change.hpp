// A row of the log of changes, and the chain that holds the rows together. Reentrant values.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace capsule {

struct Change {
    std::int64_t seq = 0;
    Instant at{};
    std::string who, by;              // login, means
    std::string action, subject, id;  // "put" "playlist" "accueil"
    std::optional<std::string> before, after;
    std::string note;
    std::string prev, digest;         // hexadecimal
};

// What `digest` must be.
std::string digest_of(const Change& change);
// What stands for the row before the first.
std::string first_prev();

// As the API gives it.
nlohmann::json to_json(const Change& change);
Result<Change> change_from_json(const nlohmann::json& object);

class ChangeChain {
public:
    // Rows before `seq` are not looked at; the row `seq` must have that digest. 0: from the beginning.
    explicit ChangeChain(std::int64_t seq = 0, std::string digest = first_prev()) : m_seq(seq), m_digest(std::move(digest)) {}

    // Refused, with the row and what is wrong with it; the chain then stays where it was.
    Result<void> add(const Change& change);

    std::int64_t seq() const { return m_seq; }
    const std::string& digest() const { return m_digest; } // of the last row

private:
    std::int64_t m_seq;
    std::string m_digest;
};

} // namespace capsule
