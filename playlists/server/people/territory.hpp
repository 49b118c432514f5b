// Where somebody may act: everywhere, or in some EPT, communes and sites. Reentrant values.
#pragma once

#include "content/base/result.hpp"
#include "playlists/model/fleet.hpp"
#include "playlists/model/programme.hpp"

#include <nlohmann/json_fwd.hpp>

#include <set>
#include <string>
#include <string_view>

namespace capsule::server {

struct Territory {
    bool everywhere = false;
    std::set<std::string> epts, communes, sites; // short names ("VSGP"), INSEE codes, ids; all empty and not everywhere: nowhere

    static Territory all() { return {true, {}, {}, {}}; }

    bool covers(const Territory& other) const;
    // A site without commune and EPT lies in no territory but "everywhere". Where its EPT is not said, its commune's counts.
    bool covers(const Site& site) const;
    // Whether the condition can hold on no screen outside, whatever sites are added or moved later: "not", a type or a tag alone prove
    // nothing. `fleet` says where sites and screens are.
    bool covers(const Where& where, const Fleet& fleet) const;

    bool operator==(const Territory&) const = default;
};

// null for everywhere, else {"communes": […], "epts": […]}; sites are not written.
nlohmann::json to_json(const Territory& territory);
// Invalid: not of that form, nothing in it, or an EPT or a commune that is not known.
Result<Territory> territory_from_json(const nlohmann::json& value);
// As text, for the database; what cannot be read is nowhere.
std::string territory_text(const Territory& territory);
Territory territory_from_text(std::string_view text);

} // namespace capsule::server
