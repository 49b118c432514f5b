#include "content/base/csv.hpp"

#include "content/base/encoding.hpp"

#include <algorithm>
#include <utility>

namespace capsule {

CsvReader::CsvReader(std::string_view text) : m_text(text) {
    if (m_text.starts_with("\xEF\xBB\xBF"))
        m_text.remove_prefix(3);
    const auto first_line = m_text.substr(0, m_text.find('\n'));
    if (first_line.find(',') == std::string_view::npos && first_line.find(';') != std::string_view::npos)
        m_separator = ';';
}

void CsvReader::go_back() {
    const std::size_t end = m_text.find('\n', m_began);
    m_at = end == std::string_view::npos ? m_text.size() : end + 1;
    m_next_line = m_line + 1;
}

std::optional<Result<CsvRow>> CsvReader::next() {
    while (m_at < m_text.size()) {
        m_began = m_at;
        m_line = m_next_line;
        auto read = row();
        if (!read)
            go_back();
        else if (read->fields.size() == 1 && read->fields.front().empty())
            continue;
        return read;
    }
    return std::nullopt;
}

// Up to and with its line feed.
Result<CsvRow> CsvReader::row() {
    CsvRow row{m_line, {}};
    std::string field;
    bool quoted = false, was_quoted = false;
    for (; m_at < m_text.size(); ++m_at) {
        const char c = m_text[m_at];
        if (c == '\n')
            ++m_next_line;
        if (quoted) {
            if (c != '"') {
                field += c;
            } else if (m_at + 1 < m_text.size() && m_text[m_at + 1] == '"') {
                field += '"';
                ++m_at;
            } else {
                quoted = false;
                was_quoted = true;
            }
        } else if (c == m_separator) {
            row.fields.push_back(std::exchange(field, {}));
            was_quoted = false;
        } else if (c == '\n') {
            ++m_at;
            break;
        } else if (c == '\r' && m_at + 1 < m_text.size() && m_text[m_at + 1] == '\n') {
            continue;
        } else if (c == '"' && field.empty() && !was_quoted) {
            quoted = true;
        } else if (c == '"' || was_quoted) {
            return Error{Category::invalid,
                         "a quotation mark stands inside a field: double it and put the whole field in quotation marks"};
        } else {
            field += c;
        }
    }
    if (quoted)
        return Error{Category::invalid, "a quotation mark is never closed"};
    row.fields.push_back(std::move(field));
    if (!std::all_of(row.fields.begin(), row.fields.end(), [](const std::string& one) { return is_utf8(one); }))
        return Error{Category::invalid, "not UTF-8: save it as UTF-8"};
    return row;
}

Result<std::vector<CsvRow>> parse_csv(std::string_view text) {
    std::vector<CsvRow> rows;
    CsvReader reader(text);
    while (auto row = reader.next()) {
        if (!*row)
            return in_context("line " + std::to_string(reader.line()), row->error());
        rows.push_back(std::move(**row));
    }
    return rows;
}

std::string csv_line(const std::vector<std::string>& fields) {
    std::string line;
    for (const auto& field : fields) {
        if (&field != &fields.front())
            line += ',';
        if (field.find_first_of(",\"\r\n") == std::string::npos) {
            line += field;
            continue;
        }
        line += '"';
        for (const char c : field)
            line += c == '"' ? std::string("\"\"") : std::string(1, c);
        line += '"';
    }
    return line + "\r\n";
}

} // namespace capsule
