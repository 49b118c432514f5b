#include "playlists/sync/active_release.hpp"

#include "playlists/model/message_blobs.hpp"
#include "playlists/model/needed_blobs.hpp"
#include "playlists/schedule/soonest.hpp"

#include <algorithm>
#include <map>

namespace capsule::sync {

std::optional<ScreenId> screen_of(const Fleet& fleet, const std::string& device) {
    const auto assignment = fleet.devices.find(device);
    if (assignment == fleet.devices.end() || !fleet.screens.contains(assignment->second.screen))
        return std::nullopt;
    return assignment->second.screen;
}

std::vector<BlobReference> blobs_needed_on(const Release& release, const std::string& device) {
    const auto screen = screen_of(release.fleet, device);
    return screen ? blobs_needed(release, *screen) : std::vector<BlobReference>{};
}

std::vector<BlobReference> blobs_soonest_first(const Release& release, const std::string& device, Instant instant, ClockKnown clock_known) {
    auto blobs = blobs_needed_on(release, device);
    if (blobs.size() < 2)
        return blobs;
    const ScreenId screen = *screen_of(release.fleet, device);
    std::map<Digest, std::size_t> ranks; // none: of no playlist, so of any
    std::size_t rank = 0;
    for (const PlaylistId& playlist : soonest_first(release, screen, instant, clock_known)) {
        for (const BlobReference& blob : blobs_needed(release, screen, playlist))
            ranks.try_emplace(blob.sha256, rank);
        ++rank;
    }
    const auto rank_of = [&ranks](const BlobReference& blob) {
        const auto found = ranks.find(blob.sha256);
        return found == ranks.end() ? 0 : found->second;
    };
    std::stable_sort(blobs.begin(), blobs.end(),
                     [&](const BlobReference& left, const BlobReference& right) { return rank_of(left) < rank_of(right); });
    return blobs;
}

std::vector<BlobReference> message_blobs_on(const Release& release, const std::string& device) {
    const auto screen = screen_of(release.fleet, device);
    return screen ? message_blobs(release, *screen) : std::vector<BlobReference>{};
}

} // namespace capsule::sync
