// The JSON object of a small request. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "playlists/server/api/route_table.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>

namespace capsule::server {

inline constexpr std::uint64_t most_small_body = 16u << 10;

// Invalid when the body is no JSON object.
Result<nlohmann::json> object_of(const Call& call);
// A text member, empty when it is not there.
std::string text_in(const nlohmann::json& object, const char* key);

} // namespace capsule::server
