#include "playlists/ledger/fields.hpp"

#include "content/base/encoding.hpp"
#include "content/lib/json/strict.hpp"
#include "playlists/ledger/limits.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace capsule {

namespace {

// Reads flat canonical JSON from left to right; `false` where it is something else.
class Cursor {
public:
    explicit Cursor(std::string_view bytes) : m_rest(bytes) {}

    bool skip(char c) {
        if (m_rest.empty() || m_rest.front() != c)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    bool skip(std::string_view word) {
        if (!m_rest.starts_with(word))
            return false;
        m_rest.remove_prefix(word.size());
        return true;
    }
    bool at_end() const { return m_rest.empty(); }
    char next() const { return m_rest.empty() ? '\0' : m_rest.front(); }

    // After the opening quote. `escaped`: the text still has its escapes.
    bool text(std::string_view& out, bool& escaped) {
        escaped = false;
        for (std::size_t i = 0; i < m_rest.size(); ++i) {
            const char c = m_rest[i];
            if (c == '"') {
                out = m_rest.substr(0, i);
                m_rest.remove_prefix(i + 1);
                return true;
            }
            if (static_cast<unsigned char>(c) < 0x20)
                return false;
            if (c != '\\')
                continue;
            ++i;
            if (i == m_rest.size() || (m_rest[i] != '"' && m_rest[i] != '\\'))
                return false;
            escaped = true;
        }
        return false;
    }
    bool number(std::int64_t& out) {
        const bool negative = skip('-');
        std::size_t digits = 0;
        std::int64_t value = 0;
        while (digits < m_rest.size() && m_rest[digits] >= '0' && m_rest[digits] <= '9')
            if (digits++ < 18)
                value = value * 10 + (m_rest[digits - 1] - '0');
        if (digits == 0 || digits > 18 || (m_rest[0] == '0' && (digits > 1 || negative)))
            return false;
        m_rest.remove_prefix(digits);
        out = negative ? -value : value;
        return true;
    }

private:
    std::string_view m_rest;
};

std::string without_escapes(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i)
        out += text[i] == '\\' ? text[++i] : text[i];
    return out;
}

} // namespace

bool RowFields::read_flat(std::string_view bytes) {
    if (bytes.size() > ledger_limits::row_bytes || !is_utf8(bytes))
        return false;
    Cursor in(bytes);
    if (!in.skip('{'))
        return false;
    m_members.reserve(32);
    do {
        Member member;
        bool escaped = false;
        if (!in.skip('"') || !in.text(member.name, escaped) || escaped || !in.skip(':'))
            return false;
        if (!m_members.empty() && m_members.back().name >= member.name) // twice, or not in order
            return false;
        FieldValue& value = member.value;
        if (in.skip('"')) {
            value.kind = FieldValue::Kind::text;
            if (!in.text(value.text, escaped))
                return false;
            if (escaped)
                value.text = m_texts.emplace_back(without_escapes(value.text));
        } else if (in.skip("null")) {
            value.kind = FieldValue::Kind::null;
        } else if (in.skip("true") || in.skip("false")) {
            value.kind = FieldValue::Kind::other;
        } else {
            value.kind = FieldValue::Kind::number;
            if (!in.number(value.number))
                return false;
        }
        m_members.push_back(member);
    } while (in.skip(','));
    return in.skip('}') && in.at_end();
}

Result<void> RowFields::read_general(std::string_view bytes) {
    CAPSULE_TRY(parsed, json::parse_strict(bytes, {.bytes = ledger_limits::row_bytes, .depth = 4, .floats = false}));
    if (!parsed.is_object())
        return Error{Category::invalid, "not a JSON object"};
    for (const auto& [name, value] : parsed.items()) { // std::map: sorted by bytes
        Member member;
        member.name = m_texts.emplace_back(name);
        if (value.is_string()) {
            member.value.kind = FieldValue::Kind::text;
            member.value.text = m_texts.emplace_back(value.get_ref<const std::string&>());
        } else if (value.is_null()) {
            member.value.kind = FieldValue::Kind::null;
        } else if (value.is_number_integer() && !(value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX)) {
            member.value.kind = FieldValue::Kind::number;
            member.value.number = value.get<std::int64_t>();
        }
        m_members.push_back(member);
    }
    CAPSULE_TRY(again, json::canonical(parsed));
    m_canonical = again == bytes;
    return {};
}

Result<RowFields> RowFields::read(std::string_view bytes) {
    RowFields fields;
    if (fields.read_flat(bytes)) {
        fields.m_canonical = true;
        return fields;
    }
    RowFields general;
    CAPSULE_CHECK(general.read_general(bytes));
    return general;
}

const FieldValue* RowFields::find(std::string_view name) const {
    const auto at = std::lower_bound(m_members.begin(), m_members.end(), name,
                                     [](const Member& member, std::string_view n) { return member.name < n; });
    return at != m_members.end() && at->name == name ? &at->value : nullptr;
}

} // namespace capsule
