// The numbers by which packed sums name capsules: given in the order in which capsules are first booked, never given anew; 0 is no
// capsule. Thread-bound to its database, for the length of one transaction.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace capsule::server {

class CapsuleNumbers {
public:
    explicit CapsuleNumbers(sqlite::Database& database) : m_database(database) {}

    // Gives one where there is none.
    Result<std::uint32_t> of(const std::string& capsule);

    // All capsules, at the place of their number; the first is empty.
    static Result<std::vector<std::string>> all(sqlite::Database& database);

private:
    sqlite::Database& m_database;
    std::map<std::string, std::uint32_t> m_known;
};

} // namespace capsule::server
