// A place's own notices ("Fermé lundi"): messages of now.json for the screens of one site, put up and taken down by whoever sits at its
// reception. Reentrant; the publisher keeps them.
#pragma once

#include "content/base/result.hpp"
#include "playlists/model/fleet.hpp"
#include "playlists/server/catalogue/publisher.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::server {

inline constexpr std::size_t longest_notice = 200; // characters
inline constexpr std::size_t most_notices = 10;    // of one site at a time

struct Notice {
    std::string id, site, text;
    std::string last_day; // local to the site, included: "2026-11-24"
};

// Those that have not ended, of all sites.
Result<std::vector<Notice>> notices(const Publisher& publisher, const Fleet& fleet, Instant now);
// On the screens of the site at their next contact. Invalid: the text or the day. Refused: the site has enough of them.
Result<Notice> put_up(Publisher& publisher, const Fleet& fleet, Notice notice, Instant now);
// Missing when there is none of that id.
Result<void> take_down(Publisher& publisher, const std::string& id);

} // namespace capsule::server
