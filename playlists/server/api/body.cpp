#include "playlists/server/api/body.hpp"

#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

Result<nlohmann::json> object_of(const Call& call) {
    auto body = json::parse_strict(call.request.body, {.bytes = most_small_body, .floats = false});
    if (!body)
        return in_context("the body", body.error());
    if (!body->is_object())
        return Error{Category::invalid, "the body must be a JSON object"};
    return std::move(*body);
}

std::string text_in(const nlohmann::json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

} // namespace capsule::server
