// A request of somebody that changes an object: carried out whole or not at all, with its owner and its row in the log of changes.
//
// One transaction holds it all: whether the object is the caller's to change, whether it still is what the caller saw (If-Match), the
// handler, the row. Handlers therefore work on the call's connection alone; what they write to files must bear being written for nothing.
#pragma once

#include "playlists/server/api/route_table.hpp"
#include "playlists/server/api/services.hpp"

#include <optional>
#include <string>

namespace capsule::server {

// Whether the object of the request lies where the caller's right ends; the refusal when it does not.
std::optional<Response> outside_reach(const Services& services, const Access& access, const Call& call);

// How a request that changes `subject` is entered into the log.
enum class Bookkeeping {
    none,      // nothing that anybody would ask about: bytes that no record names yet, the end of a session
    whole,     // by carry_out, in one transaction with the change
    afterwards, // by carry_out, at once after the change, which is not in the database
    handler,   // by the handler, in its own transaction
};
Bookkeeping bookkeeping(Subject subject);

Response carry_out(const Services& services, const Route& route, Call& call);

// A publication that is in force and not in the log, since a crash came between the two, is entered in the server's name. Call once at start.
Result<void> note_unlogged_publication(const Services& services, sqlite::Database& database);

// The strong ETag of an object's text.
std::string tag_of(const std::string& text);

} // namespace capsule::server
