#include "playlists/server/api/api.hpp"
#include "playlists/server/api/errors.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;
constexpr std::uint64_t most_root_bytes = 512u << 10;

Json keys_to_json(const std::map<tuf::Role, tuf::Key>& keys) {
    Json json;
    for (const auto& [role, key] : keys)
        json[tuf::to_string(role)] = key.value;
    return json;
}

Response answer(const Result<tuf::KeyState>& state) {
    if (!state) // whatever is wrong with a root is wrong with what was sent
        return error_response(state.error().category == Category::refused || state.error().category == Category::missing
                                  ? Error{Category::invalid, state.error().message}
                                  : state.error());
    return json_response(Json{{"root_version", state->root_version},
                              {"root_expires", to_rfc3339(state->root_expires)},
                              {"provisional", state->provisional},
                              {"keys", keys_to_json(state->keys)},
                              {"next", state->next ? keys_to_json(*state->next) : Json(nullptr)}}
                             .dump());
}

} // namespace

void add_release_routes(RouteTable& table, const Services& services) {
    table.add({"GET", "/api/v1/release/keys", Admission::Body::none, 0,
               [&services](Call&) { return answer(services.signed_release.key_state()); }});
    table.add({"POST", "/api/v1/release/keys/next", Admission::Body::none, 0,
               [&services](Call&) { return answer(services.signed_release.prepare_rotation()); }});
    table.add({"PUT", "/api/v1/release/root", Admission::Body::memory, most_root_bytes,
               [&services](Call& call) { return answer(services.signed_release.take_root(call.request.body)); }});
}

} // namespace capsule::server
