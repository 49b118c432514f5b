// Names of communes and EPT for reports, from the table that the model holds. Reentrant.
#pragma once

#include "playlists/model/communes.hpp"

#include <string>
#include <string_view>

namespace capsule::server {

// The code itself where the name is not known.
std::string commune_name(std::string_view insee);
std::string ept_name(std::string_view ept);

} // namespace capsule::server
