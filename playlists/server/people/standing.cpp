#include "playlists/server/people/standing.hpp"

#include "content/base/identifier.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace capsule::server {

using Json = nlohmann::json;

Json to_json(const Standing& standing) {
    return {{"role", to_string(standing.role)},
            {"territory", to_json(standing.territory)},
            {"site", standing.site.empty() ? Json() : Json(standing.site)}};
}

Result<Standing> standing_from_json(const Json& object) {
    if (!object.is_object())
        return Error{Category::invalid, "the body must be a JSON object"};
    const auto name = object.find("role");
    const auto role = name != object.end() && name->is_string() ? parse_role(name->get<std::string>()) : std::nullopt;
    if (!role)
        return Error{Category::invalid, "role: administrator, coordinator, contributor, evaluator or reception is expected"};
    Standing standing{*role, Territory::all(), {}};
    if (*role == Role::coordinator || *role == Role::contributor) {
        const auto territory = object.find("territory");
        if (territory == object.end())
            return Error{Category::invalid, "territory: say which EPT or communes, or null for everywhere"};
        CAPSULE_TRY(read, territory_from_json(*territory));
        standing.territory = std::move(read);
    }
    if (*role == Role::reception) {
        const auto site = object.find("site");
        if (site == object.end() || !site->is_string() || !is_identifier(site->get<std::string>()))
            return Error{Category::invalid, "site: say which site's reception it is"};
        standing.site = site->get<std::string>();
    }
    return standing;
}

bool is_login(std::string_view login) {
    return !login.empty() && login.size() <= 64 && login != "." && login != ".." && std::all_of(login.begin(), login.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("._@+-").find(c) != std::string_view::npos;
    });
}

} // namespace capsule::server
