#include "playlists/model/release.hpp"
#include "playlists/model/fitness.hpp"
#include "playlists/model/where.hpp"

#include <algorithm>
#include <set>

namespace capsule {

std::vector<BlobReference> blobs_needed(const Release& release, const ScreenId& screen_id) {
    std::vector<BlobReference> blobs;
    const auto screen = release.fleet.screens.find(screen_id);
    if (screen == release.fleet.screens.end())
        return blobs;
    const auto site_entry = release.fleet.sites.find(screen->second.site);
    const Site site = site_entry == release.fleet.sites.end() ? Site{} : site_entry->second;

    std::set<Digest> seen;
    const auto add = [&](const BlobReference& blob) {
        if (seen.insert(blob.sha256).second)
            blobs.push_back(blob);
    };
    std::set<CapsuleId> capsules;
    for (const Schedule& schedule : release.programme.schedules) {
        const auto playlist = release.programme.playlists.find(schedule.playlist);
        if (playlist != release.programme.playlists.end() && matches(schedule.where, site, screen->second))
            for (const PlaylistItem& item : playlist->second.items)
                capsules.insert(item.capsule);
    }
    for (const CapsuleId& id : capsules) {
        const auto capsule = release.programme.capsules.find(id);
        if (capsule == release.programme.capsules.end() || missing_need(capsule->second, site))
            continue;
        const auto index = version_for(capsule->second, screen->second, release.now);
        if (!index)
            continue;
        const CapsuleVersion& version = capsule->second.versions[*index];
        add(version.media);
        for (const CaptionTrack& track : version.captions)
            if (track.drawn)
                add(track.blob);
    }
    if (release.programme.directory_places)
        add(*release.programme.directory_places);
    std::stable_sort(blobs.begin(), blobs.end(), [](const BlobReference& left, const BlobReference& right) {
        return left.bytes != right.bytes ? left.bytes < right.bytes : left.sha256 < right.sha256;
    });
    return blobs;
}

} // namespace capsule
