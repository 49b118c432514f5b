// What one playlist asks for, of all that `blobs_needed` names. Reentrant.
#pragma once

#include "playlists/model/release.hpp"

#include <vector>

namespace capsule {

// Every blob that the screen needs to play this playlist, with playlists inside it and what follows its capsules, each once, smallest
// first; whether it is scheduled there or not.
std::vector<BlobReference> blobs_needed(const Release& release, const ScreenId& screen, const PlaylistId& playlist);

} // namespace capsule
