// The tables of the ledger on the server. Names and meaning: README.md of this folder.
#pragma once

#include <string_view>

namespace capsule::server {

// DDL for SQLite, one migration.
std::string_view ledger_schema();

} // namespace capsule::server
