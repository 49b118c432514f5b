// Comma-separated values (RFC 4180): read strictly, written for spreadsheets. Reentrant.
#pragma once

#include "content/base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::cli {

struct CsvRow {
    std::size_t line = 0; // where it begins in the file, from 1
    std::vector<std::string> fields;
};

// Every row, empty lines left out; a byte order mark in front is passed over. Comma or, when the first line has no comma,
// semicolon. Invalid: names the line.
Result<std::vector<CsvRow>> parse_csv(std::string_view text);

// One line with CRLF; fields are quoted where they must be.
std::string csv_line(const std::vector<std::string>& fields);

} // namespace capsule::cli
