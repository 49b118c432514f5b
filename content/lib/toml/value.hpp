// What a TOML text says, as plain values that know their line. Reentrant values.
#pragma once

#include "content/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace capsule {

struct TomlEntry;

// In the order of the keys.
struct TomlTable {
    std::uint32_t line = 1; // where it begins, from 1
    std::vector<TomlEntry> entries;
    // nullptr when it is not there.
    const TomlEntry* find(std::string_view key) const;
};

// A date without time.
struct TomlDate {
    std::string text; // "2026-01-31"
};

struct TomlValue {
    std::uint32_t line = 1;
    // Empty: a kind that none of our files uses (a time).
    std::variant<std::monostate, std::string, bool, std::int64_t, double, TomlDate, std::vector<TomlValue>, TomlTable> held;

    // nullptr when it is of another kind.
    template <typename Kind>
    const Kind* as() const { return std::get_if<Kind>(&held); }
};

struct TomlEntry {
    std::string key;
    std::uint32_t line = 1; // of the key
    TomlValue value;
};

// Invalid: "name:line: what", also for what is not UTF-8 or larger than `most_bytes`.
Result<TomlTable> parse_toml(std::string_view text, const std::string& name, std::size_t most_bytes = 1u << 20);

} // namespace capsule
