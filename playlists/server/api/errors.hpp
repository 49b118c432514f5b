// Errors as responses. Reentrant.
#pragma once

#include "content/base/result.hpp"
#include "playlists/server/http/response.hpp"

namespace capsule::server {

// missing 404, invalid 422, refused 409, timeout 503, no_space 507, else 500 (logged; the client learns no inner detail).
Response error_response(const Error& error);

} // namespace capsule::server
