#include "playlists/server/fleet/site_warnings.hpp"

#include "playlists/schedule/hours.hpp"
#include "playlists/schedule/zone.hpp"

namespace capsule::server {

std::vector<std::string> site_warnings(const Site& site) {
    std::vector<std::string> warnings;
    const std::string place = "site \"" + site.id.text() + "\", ";
    if (!site.hours.empty())
        if (const auto hours = parse_hours(site.hours); !hours)
            warnings.push_back(place + "hours \"" + site.hours + "\": " + hours.error().message +
                               "; kept, but its screens take the site as always open until they are corrected");
    if (!Zone::exists(site.zone))
        warnings.push_back(place + "zone \"" + site.zone + "\": no such time zone; kept, but its screens take Europe/Paris");
    return warnings;
}

std::vector<std::string> site_warnings(const Fleet& fleet) {
    std::vector<std::string> warnings;
    for (const auto& [id, site] : fleet.sites)
        for (std::string& warning : site_warnings(site))
            warnings.push_back(std::move(warning));
    return warnings;
}

} // namespace capsule::server
