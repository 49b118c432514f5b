// Whether a capsule can play on a screen now, and which version of it: rights and validity first, then what the place offers, then
// what the player can do. Pure. Reentrant.
#pragma once

#include "playlists/model/release.hpp"
#include "playlists/schedule/zone.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace capsule {

// Where and when the question is asked.
struct Here {
    const Release& release;
    const Screen& screen;
    const Site& site;
    std::string today; // local date
};

struct Verdict {
    std::optional<std::string> obstacle; // one sentence for people
    const Capsule* capsule = nullptr;    // when there is none
    std::size_t version = 0;
};

// `set_aside`: capsules that the player cannot play (broken, missing).
Verdict judge(const Here& here, const CapsuleId& id, const std::vector<CapsuleId>& set_aside);

const Screen* find_screen(const Fleet& fleet, const ScreenId& id); // null when the fleet does not have it
const Site& site_of(const Fleet& fleet, const Screen* screen);     // an empty one when the fleet does not have it, or there is no screen
inline const Site& site_of(const Fleet& fleet, const Screen& screen) { return site_of(fleet, &screen); }

} // namespace capsule
