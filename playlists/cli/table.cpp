#include "playlists/cli/table.hpp"

#include <algorithm>
#include <cstdint>

namespace capsule::cli {

namespace {

// The character at the front of well-formed UTF-8, which is taken off.
std::uint32_t next_character(std::string_view& text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    std::uint32_t character = length == 1 ? first : first & (0x7Fu >> length);
    for (std::size_t i = 1; i < std::min(length, text.size()); ++i)
        character = character << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
    text.remove_prefix(std::min(length, text.size()));
    return character;
}

bool within(std::uint32_t character, std::uint32_t first, std::uint32_t last) {
    return character >= first && character <= last;
}

std::size_t width_of(std::uint32_t c) {
    if (c < 0x20 || within(c, 0x7F, 0x9F) || within(c, 0x300, 0x36F) || within(c, 0x200B, 0x200F) || within(c, 0xFE00, 0xFE0F))
        return 0;
    if (within(c, 0x1100, 0x115F) || within(c, 0x2E80, 0xA4CF) || within(c, 0xAC00, 0xD7A3) || within(c, 0xF900, 0xFAFF) ||
        within(c, 0xFE30, 0xFE6F) || within(c, 0xFF00, 0xFF60) || within(c, 0x1F300, 0x1FAFF))
        return 2;
    return 1;
}

} // namespace

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty())
        width += width_of(next_character(text));
    return width;
}

std::string table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
                  const std::vector<std::string>& total) {
    std::vector<std::size_t> widths;
    for (const auto& column : columns)
        widths.push_back(display_width(column.head));
    const auto widen = [&](const std::vector<std::string>& row) {
        for (std::size_t i = 0; i < std::min(row.size(), widths.size()); ++i)
            widths[i] = std::max(widths[i], display_width(row[i]));
    };
    for (const auto& row : rows)
        widen(row);
    widen(total);

    std::string text;
    const auto line = [&](const std::vector<std::string>& row) {
        std::string out;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const std::string cell = i < row.size() ? row[i] : std::string();
            const std::string padding(widths[i] - display_width(cell), ' ');
            out += (i ? "  " : "") + (columns[i].align == Align::right ? padding + cell : cell + padding);
        }
        out.erase(out.find_last_not_of(' ') + 1);
        text += out + "\n";
    };
    std::vector<std::string> heads, rule;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        heads.push_back(columns[i].head);
        std::string dashes;
        for (std::size_t n = 0; n < widths[i]; ++n)
            dashes += "─";
        rule.push_back(std::move(dashes));
    }
    line(heads);
    line(rule);
    for (const auto& row : rows)
        line(row);
    if (!total.empty()) {
        line(rule);
        line(total);
    }
    return text;
}

std::string grouped(long long number) {
    const std::string digits = std::to_string(number < 0 ? -number : number);
    std::string out = number < 0 ? "-" : "";
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i && (digits.size() - i) % 3 == 0)
            out += "\u202F"; // narrow no-break space
        out += digits[i];
    }
    return out;
}

} // namespace capsule::cli
