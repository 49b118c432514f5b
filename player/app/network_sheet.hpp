// What a firewall must let through for this screen, for the site's technician. Reentrant.
#pragma once

#include "player/app/options.hpp"

#include <string>

namespace capsule {

// In French, several lines, from the options alone: nothing is asked of the network.
std::string network_sheet(const Options& options);

} // namespace capsule
