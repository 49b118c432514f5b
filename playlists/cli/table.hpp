// Columns of text for a terminal, aligned by what they take on screen, not by bytes. Reentrant.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::cli {

enum class Align { left, right };

struct Column {
    std::string head;
    Align align = Align::left;
};

// Columns that UTF-8 text takes on a terminal: combining marks none, East Asian wide characters two.
std::size_t display_width(std::string_view text);

// Heads, a line, rows; two spaces between columns; no spaces at the ends of lines. `total`, when not empty, stands below a line.
std::string table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
                  const std::vector<std::string>& total = {});

// 12345 → "12 345", with a narrow no-break space as French asks.
std::string grouped(long long number);

} // namespace capsule::cli
