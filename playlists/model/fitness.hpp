// What of a capsule one screen can use, whatever the hour: what the place lacks, and which version it would show. Pure. Reentrant.
#pragma once

#include "playlists/model/fleet.hpp"
#include "playlists/model/now.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace capsule {

// What the player draws itself, by the capsule's id: the places that help nearby, and the place itself with its hours.
inline constexpr std::string_view nearby_card = "pres-dici", site_card = "lieu";
inline constexpr Milliseconds usual_card_duration{20'000}; // unless the playlist says otherwise: there is more to read than in a picture
// Whether some screen could draw it: it is one of these two, or no card at all.
bool is_drawable(const Capsule& capsule);

// Of a card: why this screen cannot draw it, whatever the hour; one sentence for people. Empty when it can, or is no card.
std::optional<std::string> missing_for_card(const Capsule& capsule, const Programme& programme, const Site& site);

// The first thing that the capsule needs of the place and the site does not offer; empty when nothing is lacking.
std::optional<std::string> missing_need(const Capsule& capsule, const Site& site);

// Whether `now` takes back this version (or all versions, when `version` is empty).
bool is_withdrawn(const NowDocument& now, const CapsuleId& capsule, const std::optional<Digest>& version);

// Index of the version to show: the first of the screen's languages that the capsule has, else French, else the first; among the
// versions that are fit (not withdrawn, media of the capsule's kind, a duration). Empty when none is. "fr-FR" serves "fr".
std::optional<std::size_t> version_for(const Capsule& capsule, const Screen& screen, const NowDocument& now);
// The fit version in this language ("fr-FR" serves "fr"); empty when there is none.
std::optional<std::size_t> version_in(const Capsule& capsule, const std::string& language, const NowDocument& now);

} // namespace capsule
