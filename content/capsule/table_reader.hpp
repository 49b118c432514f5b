// Reads the keys of one TOML table that a person wrote, and keeps the first complaint of the whole file: file, line, key, what was
// expected, and the nearest known word. Reentrant. After a complaint every getter goes on; whoever reads asks complaint() once.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/toml/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

enum class Presence { needed, optional };

class TableReader {
public:
    // `prefix` stands before keys in complaints ("rights."). All outlive this; `complaint` is empty at first.
    TableReader(const TomlTable& table, std::string prefix, const std::string& file, std::string& complaint)
        : m_table(table), m_prefix(std::move(prefix)), m_file(file), m_complaint(complaint) {}
    TableReader inside(const TomlTable& table, std::string prefix) const { return {table, std::move(prefix), m_file, m_complaint}; }

    // Complains of keys that are none of these.
    void only(const std::vector<std::string>& known);
    bool has(std::string_view key) const { return m_table.find(key) != nullptr; }
    const TomlValue* get(std::string_view key) const;
    const TomlTable& table() const { return m_table; }

    // Empty when absent or wrong: not a text of 1 to 1,000 bytes. `expected` completes "… is expected".
    std::string text(std::string_view key, const char* expected, Presence presence = Presence::optional);
    std::string text_in(const TomlValue& value, std::string_view key, const char* expected);
    // One of `known`, or `otherwise`.
    std::string one_of(std::string_view key, const std::vector<std::string>& known, const std::string& otherwise);
    std::optional<int> number(std::string_view key, int least, int most);
    bool flag(std::string_view key, bool otherwise);

    // Where complaints of a key that is there, and of one that is missing, point to.
    std::uint32_t line_of(std::string_view key) const;
    std::uint32_t line() const { return m_table.line; }
    void complain(std::string_view key, const std::string& what) { complain(key, line_of(key), what); }
    void complain(std::string_view key, std::uint32_t line, const std::string& what);

private:
    const TomlTable& m_table;
    std::string m_prefix;
    const std::string& m_file;
    std::string& m_complaint;
};

} // namespace capsule
