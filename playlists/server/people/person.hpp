// Somebody who is signed in, and what his role lets him reach. Reentrant values.
#pragma once

#include "playlists/server/people/territory.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace capsule::server {

enum class Role { reception, evaluator, contributor, coordinator, administrator };

inline constexpr std::array all_roles = {Role::reception, Role::evaluator, Role::contributor, Role::coordinator,
                                         Role::administrator};

const char* to_string(Role role);
std::optional<Role> parse_role(std::string_view name);

struct Person {
    std::string login;
    Role role = Role::reception;
    Territory territory = Territory::all(); // of coordinators and contributors
    std::string site;                       // of reception
    std::string by = "session";             // by which means: "session", "token", "token NAME"

    // What a right "in one's territory" means for this person.
    Territory reach() const;
};

} // namespace capsule::server
