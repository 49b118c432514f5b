#include "content/capsule/fields.hpp"

#include "content/base/encoding.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>

namespace capsule {

namespace {

const nlohmann::json empty_object = nlohmann::json::object();
const nlohmann::json empty_array = nlohmann::json::array();

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

} // namespace

bool is_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return false;
    int numbers[3] = {0, 0, 0};
    int part = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == 4 || i == 7) {
            ++part;
            continue;
        }
        if (!is_digit(text[i]))
            return false;
        numbers[part] = numbers[part] * 10 + (text[i] - '0');
    }
    return std::chrono::year_month_day{std::chrono::year{numbers[0]}, std::chrono::month{static_cast<unsigned>(numbers[1])},
                                       std::chrono::day{static_cast<unsigned>(numbers[2])}}
        .ok();
}

bool is_language(std::string_view text) {
    if (text.size() < 2 || text.size() > 35)
        return false;
    std::size_t part = 0, length = 0;
    for (char c : text) {
        if (c == '-') {
            if (length == 0 || (part == 0 && length < 2))
                return false;
            ++part;
            length = 0;
        } else if (is_letter(c) || (part > 0 && is_digit(c))) {
            if (++length > 8)
                return false;
        } else {
            return false;
        }
    }
    return length > 0;
}

bool is_code(std::string_view text) {
    return !text.empty() && text.size() <= 64 &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

Fields::Fields(const nlohmann::json& object, std::string where) : m_object(object), m_where(std::move(where)) {
    if (!object.is_object())
        m_complaint = m_where + ": an object is expected";
}

const nlohmann::json* Fields::find(const char* key) const {
    if (!m_object.is_object())
        return nullptr;
    const auto it = m_object.find(key);
    return it == m_object.end() || it->is_null() ? nullptr : &*it;
}

bool Fields::has(const char* key) const { return find(key) != nullptr; }

std::string Fields::path(std::string_view key) const { return m_where + "." + std::string(key); }

void Fields::complain(std::string_view key, std::string_view expected) {
    if (m_complaint.empty())
        m_complaint = path(key) + ": " + std::string(expected);
}

void Fields::adopt(const Fields& inner) {
    if (m_complaint.empty())
        m_complaint = inner.m_complaint;
}

std::string Fields::text(const char* key, std::size_t most) {
    const auto* value = find(key);
    if (!value || !value->is_string()) {
        complain(key, value ? "a text is expected" : "is missing");
        return {};
    }
    const auto& text = value->get_ref<const std::string&>();
    if (text.empty() || text.size() > most || !is_utf8(text)) {
        complain(key, "1 to " + std::to_string(most) + " bytes of UTF-8 are expected");
        return {};
    }
    return text;
}

std::string Fields::text_or(const char* key, std::size_t most, std::string otherwise) {
    return has(key) ? text(key, most) : std::move(otherwise);
}

std::string Fields::checked(const char* key, bool (*good)(std::string_view), const char* expected) {
    std::string value = text(key, 256);
    if (ok() && !good(value))
        complain(key, std::string(expected) + " is expected, not \"" + value + "\"");
    return value;
}

std::string Fields::checked_or_empty(const char* key, bool (*good)(std::string_view), const char* expected) {
    if (const auto* value = find(key); !value || (value->is_string() && value->get_ref<const std::string&>().empty()))
        return {};
    return checked(key, good, expected);
}

std::int64_t Fields::integer(const char* key, std::int64_t least, std::int64_t most) {
    const auto* value = find(key);
    const bool fits = value && value->is_number_integer() &&
                      !(value->is_number_unsigned() && value->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX));
    if (!fits || value->get<std::int64_t>() < least || value->get<std::int64_t>() > most) {
        complain(key, value ? "an integer from " + std::to_string(least) + " to " + std::to_string(most) + " is expected" : "is missing");
        return least;
    }
    return value->get<std::int64_t>();
}

std::int64_t Fields::integer_or(const char* key, std::int64_t least, std::int64_t most, std::int64_t otherwise) {
    return has(key) ? integer(key, least, most) : otherwise;
}

bool Fields::boolean_or(const char* key, bool otherwise) {
    const auto* value = find(key);
    if (!value)
        return otherwise;
    if (!value->is_boolean()) {
        complain(key, "true or false is expected");
        return otherwise;
    }
    return value->get<bool>();
}

Digest Fields::digest(const char* key) {
    const auto parsed = Digest::parse(text(key, 64));
    if (!parsed) {
        complain(key, "64 lower-case hexadecimal digits are expected");
        return {};
    }
    return *parsed;
}

std::vector<std::string> Fields::codes(const char* key, std::size_t most) {
    std::vector<std::string> found;
    for (const auto& value : array(key, most)) {
        if (!value.is_string() || !is_code(value.get_ref<const std::string&>())) {
            complain(key, "a list of codes (letters, digits, hyphens) is expected");
            return {};
        }
        found.push_back(value.get<std::string>());
    }
    return found;
}

const nlohmann::json& Fields::object(const char* key, std::size_t most) {
    const auto* value = find(key);
    if (value && (!value->is_object() || value->size() > most)) {
        complain(key, "an object of at most " + std::to_string(most) + " members is expected");
        return empty_object;
    }
    return value ? *value : empty_object;
}

const nlohmann::json& Fields::array(const char* key, std::size_t most) {
    const auto* value = find(key);
    if (value && (!value->is_array() || value->size() > most)) {
        complain(key, "a list of at most " + std::to_string(most) + " is expected");
        return empty_array;
    }
    return value ? *value : empty_array;
}

} // namespace capsule
