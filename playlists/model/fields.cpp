#include "playlists/model/fields.hpp"
#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

namespace capsule::model {

using Json = nlohmann::json;

std::string place_of(const std::string& place, std::string_view key) {
    if (place.empty())
        return std::string{key};
    if (place.ends_with(": "))
        return place + std::string{key};
    return place + "." + std::string{key};
}

std::string place_of(const std::string& place, std::size_t index) { return place + "[" + std::to_string(index) + "]"; }

Fields::Fields(const Json& object, std::string place) : m_object(object), m_place(std::move(place)) {
    if (!m_object.is_object())
        complain("", std::string{"expected an object, not "} + m_object.type_name());
}

void Fields::complain(std::string_view key, std::string what, Category category) {
    if (m_complaint)
        return;
    std::string where = key.empty() ? m_place : place(key);
    if (!where.empty() && !where.ends_with(": "))
        where += ": ";
    m_complaint = Error{category, where + what};
}

void Fields::complain(Error error) {
    if (!m_complaint)
        m_complaint = std::move(error);
}

const Json* Fields::find(std::string_view key) {
    if (m_complaint)
        return nullptr;
    const auto found = m_object.find(key);
    return found == m_object.end() || found->is_null() ? nullptr : &*found;
}

const Json* Fields::array(std::string_view key, bool needed) {
    const Json* found = find(key);
    if (!found && needed)
        complain(key, "is missing: expected an array");
    if (found && !found->is_array()) {
        complain(key, std::string{"expected an array, not "} + found->type_name());
        return nullptr;
    }
    if (found && found->size() > longest_list) {
        complain(key, "more than " + std::to_string(longest_list) + " entries");
        return nullptr;
    }
    return found;
}

const Json* Fields::object(std::string_view key, bool needed) {
    const Json* found = find(key);
    if (!found && needed)
        complain(key, "is missing: expected an object");
    if (found && !found->is_object()) {
        complain(key, std::string{"expected an object, not "} + found->type_name());
        return nullptr;
    }
    if (found && found->size() > longest_list) {
        complain(key, "more than " + std::to_string(longest_list) + " entries");
        return nullptr;
    }
    return found;
}

std::string Fields::text(std::string_view key, std::string fallback) {
    const Json* found = find(key);
    if (!found)
        return fallback;
    if (!found->is_string()) {
        complain(key, std::string{"expected a text, not "} + found->type_name());
        return fallback;
    }
    const auto& text = found->get_ref<const std::string&>();
    if (text.size() > longest_text) {
        complain(key, "longer than " + std::to_string(longest_text) + " bytes");
        return fallback;
    }
    return text;
}

std::string Fields::needed_text(std::string_view key) {
    if (!m_complaint && !find(key))
        complain(key, "is missing: expected a text");
    return text(key);
}

std::int64_t Fields::integer(std::string_view key, std::int64_t least, std::int64_t most, std::int64_t fallback) {
    return optional_integer(key, least, most).value_or(fallback);
}

std::int64_t Fields::needed_integer(std::string_view key, std::int64_t least, std::int64_t most) {
    if (!m_complaint && !find(key))
        complain(key, "is missing: expected a whole number");
    return integer(key, least, most, least);
}

bool Fields::flag(std::string_view key, bool fallback) {
    const Json* found = find(key);
    if (!found)
        return fallback;
    if (!found->is_boolean()) {
        complain(key, std::string{"expected true or false, not "} + found->type_name());
        return fallback;
    }
    return found->get<bool>();
}

std::optional<std::int64_t> Fields::optional_integer(std::string_view key, std::int64_t least, std::int64_t most) {
    const Json* found = find(key);
    if (!found)
        return std::nullopt;
    const bool huge = found->is_number_unsigned() && found->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
    if (!found->is_number_integer() || huge || found->get<std::int64_t>() < least || found->get<std::int64_t>() > most) {
        complain(key, "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ", not " +
                          (found->is_number() ? found->dump() : found->type_name()));
        return std::nullopt;
    }
    return found->get<std::int64_t>();
}

std::vector<std::string> Fields::texts(std::string_view key, std::vector<std::string> fallback) {
    const Json* found = array(key);
    if (!found)
        return fallback;
    std::vector<std::string> all;
    all.reserve(found->size());
    for (const Json& member : *found) {
        if (!member.is_string() || member.get_ref<const std::string&>().size() > longest_text) {
            complain(place_of(std::string{key}, all.size()), "expected a text of at most " + std::to_string(longest_text) + " bytes");
            return fallback;
        }
        all.push_back(member.get<std::string>());
    }
    return all;
}

std::map<std::string, std::string> Fields::texts_by_language(std::string_view key) {
    std::map<std::string, std::string> all;
    const Json* found = object(key);
    if (!found)
        return all;
    for (const auto& [language, member] : found->items()) {
        if (!member.is_string() || member.get_ref<const std::string&>().size() > longest_text) {
            complain(place_of(std::string{key}, language), "expected a text of at most " + std::to_string(longest_text) + " bytes");
            return {};
        }
        all.emplace(language, member.get<std::string>());
    }
    return all;
}

Instant Fields::needed_instant(std::string_view key) {
    const std::string written = needed_text(key);
    const auto instant = parse_rfc3339(written);
    if (!instant)
        complain(key, "\"" + written + "\" is not a time: expected RFC 3339, as 2026-11-22T09:00:00Z");
    return instant.value_or(Instant{});
}

std::optional<Digest> Fields::digest(std::string_view key) {
    if (!find(key))
        return std::nullopt;
    const auto digest = Digest::parse(text(key));
    if (!digest)
        complain(key, "expected a SHA-256 of 64 lower-case hexadecimal digits");
    return digest;
}

void Fields::check_format() {
    const std::int64_t format = needed_integer("format", 1, INT64_MAX);
    if (format != 1)
        complain("format", std::to_string(format) + " is not known to this program, which reads 1: update it", Category::refused);
    const auto needs = texts("requires");
    if (!needs.empty())
        complain("requires", "\"" + needs.front() + "\" is not known to this program: update it", Category::refused);
}

Result<Json> parse_document(std::string_view name, std::string_view text) {
    json::Limits limits;
    limits.floats = false;
    auto document = json::parse_strict(text, limits);
    if (!document.ok())
        return in_context(std::string{name}, document.error());
    return document;
}

std::string write_document(const Json& document) { return document.dump(-1, ' ', false, Json::error_handler_t::replace); }

} // namespace capsule::model
