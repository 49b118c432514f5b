#include "playlists/server/people/person.hpp"

namespace capsule::server {

const char* to_string(Role role) {
    switch (role) {
    case Role::reception:
        return "reception";
    case Role::evaluator:
        return "evaluator";
    case Role::contributor:
        return "contributor";
    case Role::coordinator:
        return "coordinator";
    case Role::administrator:
        break;
    }
    return "administrator";
}

std::optional<Role> parse_role(std::string_view text) {
    for (const Role role : all_roles)
        if (text == to_string(role))
            return role;
    return std::nullopt;
}

Territory Person::reach() const {
    switch (role) {
    case Role::administrator:
        return Territory::all();
    case Role::coordinator:
    case Role::contributor:
        return territory;
    case Role::reception:
        return site.empty() ? Territory{} : Territory{false, {}, {}, {site}};
    case Role::evaluator:
        break;
    }
    return {};
}

} // namespace capsule::server
