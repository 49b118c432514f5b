// Whether a condition of a schedule or message holds for one screen. Pure. Reentrant.
#pragma once

#include "playlists/model/fleet.hpp"
#include "playlists/model/programme.hpp"

#include <string>

namespace capsule {

// "tag" holds when the screen or its site bears the tag. An unknown fact never holds.
bool matches(const Where& where, const Site& site, const Screen& screen);

namespace model {
// where_from_json for a condition that stands at `place` of a document.
Result<Where> read_where(const nlohmann::json& value, const std::string& place);
} // namespace model

} // namespace capsule
