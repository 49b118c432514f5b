#include "playlists/cli/files/csv.hpp"

#include "content/base/encoding.hpp"

namespace capsule::cli {

namespace {

Error wrong(std::size_t line, const std::string& what) {
    return {Category::invalid, "line " + std::to_string(line) + ": " + what};
}

} // namespace

Result<std::vector<CsvRow>> parse_csv(std::string_view text) {
    if (!is_utf8(text))
        return Error{Category::invalid, "not UTF-8: save it as UTF-8"};
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    const auto first_line = text.substr(0, text.find('\n'));
    const char separator =
        first_line.find(',') == std::string_view::npos && first_line.find(';') != std::string_view::npos ? ';' : ',';
    std::vector<CsvRow> rows;
    CsvRow row{1, {}};
    std::string field;
    std::size_t line = 1;
    bool quoted = false, was_quoted = false;
    const auto end_field = [&] {
        row.fields.push_back(std::move(field));
        field.clear();
        was_quoted = false;
    };
    const auto end_row = [&] {
        end_field();
        if (row.fields.size() > 1 || !row.fields.front().empty())
            rows.push_back(std::move(row));
        row = {line, {}};
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\n')
            ++line;
        if (quoted) {
            if (c != '"') {
                field += c;
            } else if (at + 1 < text.size() && text[at + 1] == '"') {
                field += '"';
                ++at;
            } else {
                quoted = false;
                was_quoted = true;
            }
        } else if (c == separator) {
            end_field();
        } else if (c == '\n') {
            end_row();
        } else if (c == '\r' && at + 1 < text.size() && text[at + 1] == '\n') {
            continue;
        } else if (c == '"' && field.empty() && !was_quoted) {
            quoted = true;
        } else if (c == '"' || was_quoted) {
            return wrong(line, "a quotation mark stands inside a field: double it and put the whole field in quotation marks");
        } else {
            field += c;
        }
    }
    if (quoted)
        return wrong(row.line, "a quotation mark is never closed");
    if (!field.empty() || !row.fields.empty() || was_quoted)
        end_row();
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

} // namespace capsule::cli
