// Reads the members of one JSON object and remembers the first thing that is wrong, with its place in the document. Reentrant.
// After the first complaint every getter returns its fallback, so a reader takes all it wants and asks complaint() once.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/digest.hpp"
#include "content/base/identifier.hpp"
#include "content/base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::model {

// "playlists.accueil" + "items" → "playlists.accueil.items"; an empty place adds no dot.
std::string place_of(const std::string& place, std::string_view key);
std::string place_of(const std::string& place, std::size_t index);

class Fields {
public:
    static constexpr std::size_t longest_text = 4096; // bytes
    static constexpr std::size_t longest_list = 20000;

    // `object` must outlive this. Complains when it is no object.
    Fields(const nlohmann::json& object, std::string place);

    const std::optional<Error>& complaint() const { return m_complaint; }
    // Records "place.key: what"; the first one stays.
    void complain(std::string_view key, std::string what, Category category = Category::invalid);
    void complain(Error error);
    std::string place(std::string_view key) const { return place_of(m_place, key); }

    // The member, or nullptr when it is absent or null.
    const nlohmann::json* find(std::string_view key);
    // The member as array or object; nullptr when absent or null, and then a complaint when `needed`.
    const nlohmann::json* array(std::string_view key, bool needed = false);
    const nlohmann::json* object(std::string_view key, bool needed = false);

    std::string text(std::string_view key, std::string fallback = {});
    std::string needed_text(std::string_view key);
    std::int64_t integer(std::string_view key, std::int64_t least, std::int64_t most, std::int64_t fallback);
    std::int64_t needed_integer(std::string_view key, std::int64_t least, std::int64_t most);
    bool flag(std::string_view key, bool fallback);
    std::optional<std::int64_t> optional_integer(std::string_view key, std::int64_t least, std::int64_t most);
    std::vector<std::string> texts(std::string_view key, std::vector<std::string> fallback = {});
    std::map<std::string, std::string> texts_by_language(std::string_view key);
    Instant needed_instant(std::string_view key);
    std::optional<Digest> digest(std::string_view key);

    template <typename Id>
    Id needed_id(std::string_view key) {
        const std::string text = needed_text(key);
        const auto id = Id::parse(text);
        if (!id)
            complain(key, "\"" + text + "\" is not an identifier: use 1 to 64 of a-z, 0-9 and hyphen");
        return id.value_or(Id{});
    }

    // `format` 1 and a `requires` that this program meets; a complaint of category refused otherwise.
    void check_format();

private:
    const nlohmann::json& m_object;
    std::string m_place;
    std::optional<Error> m_complaint;
};

// The document's JSON: strict, bounded, no floating-point numbers.
Result<nlohmann::json> parse_document(std::string_view name, std::string_view text);
// Compact JSON with the keys in the order of their bytes.
std::string write_document(const nlohmann::json& document);

} // namespace capsule::model
