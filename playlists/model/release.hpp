// The three documents together, as one screen sees them. Immutable once made; shared between the thread that syncs and the one
// that plays, hence the shared_ptr.
#pragma once

#include "playlists/model/fleet.hpp"
#include "playlists/model/now.hpp"
#include "playlists/model/programme.hpp"

#include <memory>

namespace capsule {

struct Release {
    Programme programme;
    Fleet fleet;
    NowDocument now;
};

using ReleasePointer = std::shared_ptr<const Release>;

// Every blob that the screen needs to play all it may be asked to (media, drawn captions), each once, smallest first.
std::vector<BlobReference> blobs_needed(const Release& release, const ScreenId& screen);

} // namespace capsule
