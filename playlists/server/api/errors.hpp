// Errors as responses. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "playlists/server/http/response.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace capsule::server {

// missing 404, invalid 422, refused 409, timeout 503, no_space 507, else 500 (logged; the client learns no inner detail).
Response error_response(const Error& error);
// A problem document with one more member.
Response problem_with(int status, const std::string& detail, const char* name, nlohmann::json value);
// The text as JSON, or the error.
Response json_or_error(Result<std::string> text);

} // namespace capsule::server
