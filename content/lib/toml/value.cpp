#include "content/lib/toml/value.hpp"
#include "content/base/encoding.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cstdio>

namespace capsule {

namespace {

std::uint32_t line_of(const toml::source_region& source) { return std::max<std::uint32_t>(1, source.begin.line); }

TomlTable convert(const toml::table& table);

TomlValue convert(const toml::node& node) {
    TomlValue value{line_of(node.source()), {}};
    if (const auto* table = node.as_table()) {
        value.held = convert(*table);
    } else if (const auto* list = node.as_array()) {
        auto& members = value.held.emplace<std::vector<TomlValue>>();
        for (const toml::node& member : *list)
            members.push_back(convert(member));
    } else if (const auto text = node.value_exact<std::string>()) {
        value.held = *text;
    } else if (const auto flag = node.value_exact<bool>()) {
        value.held = *flag;
    } else if (const auto whole = node.value_exact<std::int64_t>()) {
        value.held = *whole;
    } else if (const auto number = node.value_exact<double>()) {
        value.held = *number;
    } else if (const auto date = node.value_exact<toml::date>()) {
        char day[32];
        std::snprintf(day, sizeof day, "%04u-%02u-%02u", unsigned{date->year}, unsigned{date->month}, unsigned{date->day});
        value.held = TomlDate{day};
    }
    return value;
}

TomlTable convert(const toml::table& table) {
    TomlTable converted{line_of(table.source()), {}};
    for (auto&& [key, node] : table)
        converted.entries.push_back({std::string(key.str()), line_of(key.source()), convert(node)});
    return converted;
}

} // namespace

const TomlEntry* TomlTable::find(std::string_view key) const {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const TomlEntry& entry) { return entry.key == key; });
    return found == entries.end() ? nullptr : &*found;
}

Result<TomlTable> parse_toml(std::string_view text, const std::string& name, std::size_t most_bytes) {
    if (text.size() > most_bytes)
        return Error{Category::invalid, name + " is larger than " + std::to_string(most_bytes >> 10) + " KiB: this is no file of this kind"};
    if (!is_utf8(text))
        return Error{Category::invalid, name + " is not UTF-8: save it as UTF-8"};
    try {
        return convert(toml::parse(text, name));
    } catch (const toml::parse_error& error) {
        return Error{Category::invalid, name + ":" + std::to_string(error.source().begin.line) + ": " + std::string(error.description())};
    }
}

} // namespace capsule
