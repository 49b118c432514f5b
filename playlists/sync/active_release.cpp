#include "playlists/sync/active_release.hpp"

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

} // namespace capsule::sync
