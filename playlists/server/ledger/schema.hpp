// The tables of the ledger on the server. Names and meaning: README.md of this folder.
#pragma once

#include <string>
#include <string_view>

namespace capsule::server {

// DDL for SQLite, each one migration: the rows and what is read from them; sums, corrections, retention; other sums.
std::string_view ledger_schema();
std::string ledger_rollup_schema();
std::string ledger_packed_schema(); // changes what the former made

} // namespace capsule::server
