// Who a request says it is from. Reentrant.
#pragma once

#include "playlists/server/http/request.hpp"
#include "playlists/server/people/people.hpp"

#include <string>

namespace capsule::server {

inline constexpr const char* session_cookie = "capsule_session";

struct Credentials {
    std::string secret; // empty: none
    SessionKind kind = SessionKind::cookie;
};

// The bearer token when there is one, else the cookie.
Credentials credentials_of(const RequestHead& head);

// Whether a browser says that a request which changes something was started by a page of another host.
bool is_from_another_site(const RequestHead& head, const std::string& public_url);

} // namespace capsule::server
