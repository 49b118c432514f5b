// What messages ask for, beside what `blobs_needed` names: no release waits for it, and no message does. Reentrant.
#pragma once

#include "playlists/model/release.hpp"

#include <vector>

namespace capsule {

// Media and drawn captions of the capsules that messages bring to this screen, each once, in the order of the messages.
std::vector<BlobReference> message_blobs(const Release& release, const ScreenId& screen);

} // namespace capsule
