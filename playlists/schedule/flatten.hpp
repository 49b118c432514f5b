// A playlist with playlists inside as one list of capsules with exact weights. Pure. Reentrant.
//
// A playlist inside with a weight of its own has that weight in the one around it, shared among its capsules in the proportions
// that they have in it. Without one (weight 0) its capsules count as if they were written in its place.
#pragma once

#include "playlists/model/programme.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace capsule {

struct FlatItem {
    const PlaylistItem* item = nullptr; // in the programme, or in the root that was given
    PlaylistId playlist;                // the one that it is written in
    std::int64_t weight = 1;
};

struct FlatPlaylist {
    std::vector<FlatItem> items;         // in order; only capsules for which `plays` holds
    std::vector<std::string> complaints; // for publishing: a playlist that holds itself, is missing, is too deep; weights rounded
};

FlatPlaylist flatten(const Programme& programme, const Playlist& root, const std::function<bool(const CapsuleId&)>& plays);

} // namespace capsule
