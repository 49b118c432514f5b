#include "playlists/server/indicators/communes.hpp"

#include <algorithm>

namespace capsule::server {

std::string commune_name(std::string_view insee) {
    const Commune* commune = find_commune(insee);
    return std::string(commune ? commune->name : insee);
}

std::string ept_name(std::string_view ept) {
    const auto communes = all_communes();
    const auto at = std::find_if(communes.begin(), communes.end(), [&](const Commune& one) { return one.ept == ept; });
    return std::string(at == communes.end() ? ept : at->ept_name);
}

} // namespace capsule::server
