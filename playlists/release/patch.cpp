#include "playlists/release/patch.hpp"

#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

namespace capsule {

namespace {

using Json = nlohmann::json;
constexpr json::Limits limits{.bytes = 16u << 20, .depth = 64, .floats = false};

// As documents are written (playlists/model).
std::string compact(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void compare(const Json& before, const Json& after, Json& path, Json& patch) {
    for (const auto& [key, value] : before.items())
        if (!after.contains(key)) {
            path.push_back(key);
            patch["remove"].push_back(path);
            path.erase(path.size() - 1);
        }
    for (const auto& [key, value] : after.items()) {
        const auto old = before.find(key);
        if (old != before.end() && *old == value)
            continue;
        path.push_back(key);
        if (old != before.end() && old->is_object() && value.is_object())
            compare(*old, value, path, patch);
        else
            patch["set"].push_back(Json::array({path, value}));
        path.erase(path.size() - 1);
    }
}

// The object that holds the last key of `path`; null when there is none.
Json* holder(Json& document, const Json& path) {
    if (!path.is_array() || path.empty())
        return nullptr;
    Json* at = &document;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (!path[i].is_string() || !at->is_object())
            return nullptr;
        if (i + 1 == path.size())
            return at;
        const auto found = at->find(path[i].get_ref<const std::string&>());
        if (found == at->end())
            return nullptr;
        at = &*found;
    }
    return nullptr;
}

} // namespace

std::optional<std::string> make_patch(std::string_view before, std::string_view after) {
    const auto old = json::parse_strict(before, limits), fresh = json::parse_strict(after, limits);
    if (!old || !fresh || !old->is_object() || !fresh->is_object())
        return std::nullopt;
    Json patch = {{"format", 1}, {"set", Json::array()}, {"remove", Json::array()}}, path = Json::array();
    compare(*old, *fresh, path, patch);
    std::string text = compact(patch);
    const auto result = apply_patch(before, text);
    if (!result || *result != after || text.size() > after.size() / 2)
        return std::nullopt;
    return text;
}

Result<std::string> apply_patch(std::string_view before, std::string_view patch) {
    const Error bad{Category::invalid, "no patch for this document"};
    auto document = json::parse_strict(before, limits);
    const auto changes = json::parse_strict(patch, limits);
    if (!document || !changes || !changes->is_object() || changes->value("format", Json()) != Json(1))
        return bad;
    const auto remove = changes->find("remove"), set = changes->find("set");
    if (remove == changes->end() || set == changes->end() || !remove->is_array() || !set->is_array())
        return bad;
    for (const Json& path : *remove) {
        Json* at = holder(*document, path);
        if (!at)
            return bad;
        at->erase(path.back().get_ref<const std::string&>());
    }
    for (const Json& one : *set) {
        Json* at = one.is_array() && one.size() == 2 ? holder(*document, one[0]) : nullptr;
        if (!at)
            return bad;
        (*at)[one[0].back().get_ref<const std::string&>()] = one[1];
    }
    return compact(*document);
}

std::string patch_file_name(DocumentKind kind, const Digest& before, const Digest& after) {
    return after.hex() + ".from." + before.hex() + "." + to_string(kind) + ".json";
}

std::optional<PatchFileName> parse_patch_file_name(std::string_view name) {
    const auto after = Digest::parse(name.substr(0, 64));
    const auto rest = name.size() > 70 ? parse_document_file_name(name.substr(70)) : std::nullopt;
    if (!after || !rest || name.substr(64, 6) != ".from.")
        return std::nullopt;
    return PatchFileName{rest->first, rest->second, *after};
}

} // namespace capsule
