// Reading bounded fields out of a JSON object: the first thing that is wrong is kept and names the field. Reentrant.
// Format and bounds of a capsule record: content/capsule/README.md.
#pragma once

#include "content/base/digest.hpp"
#include "content/base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

// "2026-01-31", a day of the calendar.
bool is_date(std::string_view text);
// The shape of a BCP 47 tag: "fr", "pt-BR", "fsl".
bool is_language(std::string_view text);
// A code of the vocabulary or of a need: letters, digits, - and _, at most 64.
bool is_code(std::string_view text);

// Getters return a default once something was wrong; ask error() at the end. `where` stands in front of each field's name.
class Fields {
public:
    Fields(const nlohmann::json& object, std::string where);

    bool has(const char* key) const; // there, and not null
    std::string text(const char* key, std::size_t most);
    std::string text_or(const char* key, std::size_t most, std::string otherwise);
    // A text for which `good` holds; `expected` says what it should be.
    std::string checked(const char* key, bool (*good)(std::string_view), const char* expected);
    std::string checked_or_empty(const char* key, bool (*good)(std::string_view), const char* expected);
    std::int64_t integer(const char* key, std::int64_t least, std::int64_t most);
    std::int64_t integer_or(const char* key, std::int64_t least, std::int64_t most, std::int64_t otherwise);
    bool boolean_or(const char* key, bool otherwise);
    Digest digest(const char* key);
    std::vector<std::string> codes(const char* key, std::size_t most);
    // An object or array of at most `most` members; the empty value of that kind when it is absent or wrong.
    const nlohmann::json& object(const char* key, std::size_t most);
    const nlohmann::json& array(const char* key, std::size_t most);

    // Keeps the first complaint: "<where>.<key>: <expected>".
    void complain(std::string_view key, std::string_view expected);
    void adopt(const Fields& inner); // its complaint, if this has none yet
    std::string path(std::string_view key) const;
    bool ok() const { return m_complaint.empty(); }
    Error error() const { return {Category::invalid, m_complaint}; }

private:
    const nlohmann::json* find(const char* key) const;
    const nlohmann::json& m_object;
    std::string m_where;
    std::string m_complaint;
};

} // namespace capsule
