// Whether the panel can show anything, as far as its connector tells. Reentrant.
#pragma once

#include "player/lib/drm/connectors.hpp"
#include "playlists/ledger/row.hpp"

#include <string>
#include <vector>

namespace capsule {

// Of the connectors of one machine. `wanted`: the name of the one that the screen hangs on; empty: any that has a cable.
// - off: the cable is pulled or the television behind it does not answer, or no picture is sent (its power state is not "On").
// - on: somebody is at the other end and is sent a picture. A television in standby that still answers is not told apart.
// - unknown: no connector here (virtual machine, no driver), one that cannot say, or several that say different things.
PanelState panel_state(const std::vector<drm::Connector>& connectors, const std::string& wanted);

} // namespace capsule
