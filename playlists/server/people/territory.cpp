#include "playlists/server/people/territory.hpp"

#include "content/lib/json/strict.hpp"
#include "playlists/model/communes.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

bool known_ept(std::string_view ept) {
    const auto communes = all_communes();
    return std::any_of(communes.begin(), communes.end(), [&](const Commune& commune) { return commune.ept == ept; });
}

std::string ept_of(std::string_view insee) {
    const Commune* commune = find_commune(insee);
    return commune ? std::string(commune->ept) : std::string{};
}

Result<std::set<std::string>> names(const Json& object, const char* key, bool (*known)(std::string_view)) {
    std::set<std::string> out;
    const auto found = object.find(key);
    if (found == object.end())
        return out;
    if (!found->is_array())
        return Error{Category::invalid, std::string("territory.") + key + ": a list is expected"};
    for (const Json& name : *found) {
        if (!name.is_string() || !known(name.get<std::string>()))
            return Error{Category::invalid, std::string("territory.") + key + ": " + name.dump() + " is not known"};
        out.insert(name.get<std::string>());
    }
    return out;
}

} // namespace

bool Territory::covers(const Territory& other) const {
    if (everywhere)
        return true;
    if (other.everywhere)
        return false;
    return std::includes(epts.begin(), epts.end(), other.epts.begin(), other.epts.end()) &&
           std::includes(sites.begin(), sites.end(), other.sites.begin(), other.sites.end()) &&
           std::all_of(other.communes.begin(), other.communes.end(),
                       [&](const std::string& commune) { return communes.contains(commune) || epts.contains(ept_of(commune)); });
}

bool Territory::covers(const Site& site) const {
    if (everywhere || sites.contains(site.id.text()))
        return true;
    // The commune decides where it is known: a record's EPT is typed by people.
    const std::string ept = ept_of(site.commune);
    return communes.contains(site.commune) || epts.contains(ept.empty() ? site.ept : ept);
}

bool Territory::covers(const Where& where, const Fleet& fleet) const {
    if (everywhere)
        return true;
    const auto covered = [&](const Where& operand) { return covers(operand, fleet); };
    switch (where.kind) {
    case Where::Kind::all:
        return std::any_of(where.operands.begin(), where.operands.end(), covered);
    case Where::Kind::any:
        return !where.operands.empty() && std::all_of(where.operands.begin(), where.operands.end(), covered);
    case Where::Kind::negation:
        return false;
    case Where::Kind::fact:
        break;
    }
    if (where.fact == "ept")
        return epts.contains(where.value);
    if (where.fact == "commune")
        return covers(Territory{false, {}, {where.value}, {}});
    if (where.fact == "site") {
        const auto id = SiteId::parse(where.value);
        const auto site = id ? fleet.sites.find(*id) : fleet.sites.end();
        return site != fleet.sites.end() && covers(site->second);
    }
    if (where.fact != "screen")
        return false;
    const auto id = ScreenId::parse(where.value);
    const auto screen = id ? fleet.screens.find(*id) : fleet.screens.end();
    if (screen == fleet.screens.end())
        return false;
    const auto site = fleet.sites.find(screen->second.site);
    return site != fleet.sites.end() && covers(site->second);
}

Json to_json(const Territory& territory) {
    if (territory.everywhere)
        return nullptr;
    return {{"epts", territory.epts}, {"communes", territory.communes}};
}

Result<Territory> territory_from_json(const Json& value) {
    if (value.is_null())
        return Territory::all();
    if (!value.is_object())
        return Error{Category::invalid, "territory: {\"epts\": […], \"communes\": […]} is expected, or null for everywhere"};
    CAPSULE_TRY(epts, names(value, "epts", known_ept));
    CAPSULE_TRY(communes, names(value, "communes", [](std::string_view insee) { return find_commune(insee) != nullptr; }));
    if (epts.empty() && communes.empty())
        return Error{Category::invalid, "territory: at least one EPT or commune is expected"};
    return Territory{false, std::move(epts), std::move(communes), {}};
}

std::string territory_text(const Territory& territory) {
    return to_json(territory).dump();
}

Territory territory_from_text(std::string_view text) {
    const auto json = json::parse_strict(text);
    const auto territory = json ? territory_from_json(*json) : Result<Territory>(json.error());
    return territory ? *territory : Territory{};
}

} // namespace capsule::server
