// Comma-separated values (RFC 4180): read strictly, written for spreadsheets. Reentrant.
#pragma once

#include "content/base/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

struct CsvRow {
    std::size_t line = 0; // where it begins in the file, from 1
    std::vector<std::string> fields;
};

// Row by row, for files in which a damaged row must not cost the others. Empty lines are left out; a byte order mark in front is
// passed over. Comma or, when the first line has no comma, semicolon.
class CsvReader {
public:
    // Borrows the text.
    explicit CsvReader(std::string_view text);

    // Empty at the end. Invalid: the row that begins at line() cannot be read, and the next call goes on with the line after that
    // one, so that a quotation mark that is never closed swallows no other row.
    std::optional<Result<CsvRow>> next();
    // Where the row that next() gave last begins, from 1.
    std::size_t line() const { return m_line; }
    // The row that next() gave last was none: go on with the line after its first.
    void go_back();

private:
    Result<CsvRow> row();

    std::string_view m_text;
    char m_separator = ',';
    std::size_t m_at = 0;                 // what is read next
    std::size_t m_next_line = 1;          // its line
    std::size_t m_began = 0, m_line = 0;  // of the row given last
};

// Every row. Invalid: names the line of the first that cannot be read.
Result<std::vector<CsvRow>> parse_csv(std::string_view text);

// One line with CRLF; fields are quoted where they must be.
std::string csv_line(const std::vector<std::string>& fields);

} // namespace capsule
