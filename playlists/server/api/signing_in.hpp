// What the routes of sign-in, invitations and accounts share: cookies, and the answer to somebody who must wait.
#pragma once

#include "playlists/server/api/route_table.hpp"
#include "playlists/server/api/services.hpp"

namespace capsule::server {

// 429 and 503 with when to come again; others as errors.hpp says.
Response not_now(const Error& error);
// The cookies of a fresh session, in the answer to its client.
void set_cookies(const Services& services, const RequestHead& head, const Session& session, Response& response);
// The cookie that tells a browser that signed in before; empty: none.
std::string known_browser_of(const RequestHead& head);
// What the answer says of somebody who is signed in, as JSON text.
std::string person_json(const Person& person);

} // namespace capsule::server
