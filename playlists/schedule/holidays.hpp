// The public holidays of metropolitan France, computed (Code du travail, article L3133-1; without those of Alsace and Moselle). Pure.
#pragma once

#include "playlists/schedule/zone.hpp"

namespace capsule {

bool is_public_holiday(LocalDay day);
// Easter Sunday of the Gregorian calendar (the anonymous algorithm of Nature, 20 April 1876).
LocalDay easter_sunday(std::chrono::year year);

} // namespace capsule
