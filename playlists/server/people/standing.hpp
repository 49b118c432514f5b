// What somebody is: role, and where. Reentrant values.
#pragma once

#include "playlists/server/people/person.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace capsule::server {

struct Standing {
    Role role = Role::reception;
    Territory territory = Territory::all(); // of coordinators and contributors; others: everywhere
    std::string site;                       // of reception; others: empty
    bool operator==(const Standing&) const = default;
};

// {"role", "territory", "site"}: territory null for everywhere, site null where there is none.
nlohmann::json to_json(const Standing& standing);
// Invalid, naming the member. A coordinator's or contributor's territory must be said, if only as null; reception needs a site.
Result<Standing> standing_from_json(const nlohmann::json& object);

// 1 to 64 of letters without accents, digits, ".", "_", "@", "+" and "-".
bool is_login(std::string_view login);

} // namespace capsule::server
