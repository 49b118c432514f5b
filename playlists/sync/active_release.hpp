// What is in force on this machine: the entries that active.json names and the documents that they stand for. Reentrant values.
#pragma once

#include "playlists/model/release.hpp"
#include "playlists/release/index.hpp"
#include "playlists/schedule/evaluate.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace capsule::sync {

struct ActiveRelease {
    ReleaseIndex index;                                         // entries without one: that part was never received
    ReleasePointer release = std::make_shared<const Release>(); // never null; parts without an entry are empty
};

// The screen that `device` serves according to the fleet, if it is enrolled.
std::optional<ScreenId> screen_of(const Fleet& fleet, const std::string& device);

// What must be present before programme, fleet and now may be in force together on this device; nothing when it serves no screen.
std::vector<BlobReference> blobs_needed_on(const Release& release, const std::string& device);
// What its messages ask for beside that: nothing waits for it, and it comes first.
std::vector<BlobReference> message_blobs_on(const Release& release, const std::string& device);

// The same in the order in which they are needed from `instant` on, see soonest_first; of one playlist, smallest first.
std::vector<BlobReference> blobs_soonest_first(const Release& release, const std::string& device, Instant instant, ClockKnown clock_known);

} // namespace capsule::sync
