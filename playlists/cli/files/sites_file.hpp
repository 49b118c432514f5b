// sites.csv: places in the columns of the national scheme of médiation numérique, one row per screen. Reentrant.
// Columns: README.md of this folder. Other columns of the scheme are passed over.
#pragma once

#include "content/base/result.hpp"
#include "playlists/model/fleet.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace capsule::cli {

struct SitesFile {
    std::vector<Site> sites;
    std::vector<Screen> screens;       // without codes: the server gives them
    std::vector<std::string> warnings; // one line each: hours that cannot be read, …
};

// All rows are checked; invalid: the first wrong one, as "sites.csv:12: ecran_rotation: …", and how many more there are.
Result<SitesFile> sites_from_csv(std::string_view text, const std::string& name);

} // namespace capsule::cli
