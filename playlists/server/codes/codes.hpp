// Gives screens and capsules their codes. Reentrant; works inside the caller's transaction.
#pragma once

#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"

#include <map>
#include <string>
#include <string_view>

namespace capsule::server {

enum class CodeKind { screen, capsule };

// DDL, SQLite.
std::string_view codes_schema();

// The owner's code: the one it ever had, or a new one. Refused when all codes of the kind are taken.
Result<std::string> code_for(sqlite::Database& database, Random& random, CodeKind kind, std::string_view owner);

// All codes ever given, by code.
Result<std::map<std::string, std::string>> owners_by_code(sqlite::Database& database, CodeKind kind);

} // namespace capsule::server
