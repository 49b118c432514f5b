// Who may call what, and on which objects: the one table of it. A route without a line is closed to everybody. Constant data;
// thread-safe.
#pragma once

#include "playlists/server/api/subject.hpp"
#include "playlists/server/people/person.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace capsule::server {

// How far a role's right goes.
enum class Scope {
    none,
    own,       // what is the caller's own: account, session, tokens
    site,      // the caller's site
    territory, // objects that lie wholly in the caller's territory, before and after the change
    proposal,  // the same, but the change is kept as a proposal, which a coordinator of the territory approves
    all,
};

enum class Door { anybody, device, people }; // a device signs its requests

struct Access {
    std::string_view method, pattern; // as in the route table
    Door door = Door::anybody;
    Subject subject = Subject::none;
    std::array<Scope, all_roles.size()> scopes{}; // by role, in the order of all_roles

    Scope scope(Role role) const { return scopes[static_cast<std::size_t>(role)]; }
};

std::span<const Access> access_table();
// nullptr: there is no line.
const Access* find_access(std::string_view method, std::string_view pattern);

const char* to_string(Scope scope);
// As openapi.yaml says it: "anybody", "device", "{evaluator: all, coordinator: territory}".
std::string describe(const Access& access);

} // namespace capsule::server
