#include "content/capsule/table_reader.hpp"
#include "content/base/encoding.hpp"
#include "content/capsule/nearest.hpp"

#include <algorithm>

namespace capsule {

const TomlValue* TableReader::get(std::string_view key) const {
    const TomlEntry* entry = m_table.find(key);
    return entry ? &entry->value : nullptr;
}

std::uint32_t TableReader::line_of(std::string_view key) const {
    const TomlValue* value = get(key);
    return value ? value->line : m_table.line;
}

void TableReader::only(const std::vector<std::string>& known) {
    for (const TomlEntry& entry : m_table.entries) {
        if (std::find(known.begin(), known.end(), entry.key) != known.end())
            continue;
        const auto meant = nearest_of(known, entry.key);
        complain(entry.key, entry.line, meant ? "unknown key; did you mean \"" + *meant + "\"?" : "unknown key");
    }
}

std::string TableReader::text(std::string_view key, const char* expected, Presence presence) {
    if (const TomlValue* value = get(key))
        return text_in(*value, key, expected);
    if (presence == Presence::needed)
        complain(key, "is missing: " + std::string(expected) + " is expected");
    return {};
}

std::string TableReader::text_in(const TomlValue& value, std::string_view key, const char* expected) {
    const auto* text = value.as<std::string>();
    if (!text || text->empty() || text->size() > 1000 || !is_utf8(*text)) {
        complain(key, value.line, std::string(expected) + " is expected, in quotation marks");
        return {};
    }
    return *text;
}

std::string TableReader::one_of(std::string_view key, const std::vector<std::string>& known, const std::string& otherwise) {
    if (!has(key))
        return otherwise;
    const std::string value = text(key, known.front().c_str());
    if (value.empty() || std::find(known.begin(), known.end(), value) != known.end())
        return value;
    std::string list;
    for (const auto& word : known)
        list += (list.empty() ? "\"" : " or \"") + word + "\"";
    const auto meant = nearest_of(known, value);
    complain(key, list + " is expected, not \"" + value + "\"" + (meant ? "; did you mean \"" + *meant + "\"?" : ""));
    return otherwise;
}

std::optional<int> TableReader::number(std::string_view key, int least, int most) {
    const TomlValue* value = get(key);
    if (!value)
        return std::nullopt;
    const auto* whole = value->as<std::int64_t>();
    if (!whole || *whole < least || *whole > most) {
        complain(key, "a whole number from " + std::to_string(least) + " to " + std::to_string(most) + " is expected");
        return std::nullopt;
    }
    return static_cast<int>(*whole);
}

bool TableReader::flag(std::string_view key, bool otherwise) {
    const TomlValue* value = get(key);
    if (!value)
        return otherwise;
    const bool* flag = value->as<bool>();
    if (!flag)
        complain(key, "true or false is expected");
    return flag ? *flag : otherwise;
}

void TableReader::complain(std::string_view key, std::uint32_t line, const std::string& what) {
    if (m_complaint.empty())
        m_complaint = m_file + ":" + std::to_string(line) + ": " + m_prefix + std::string(key) + ": " + what;
}

} // namespace capsule
