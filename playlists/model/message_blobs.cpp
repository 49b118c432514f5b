#include "playlists/model/message_blobs.hpp"
#include "playlists/model/fitness.hpp"
#include "playlists/model/where.hpp"

#include <algorithm>

namespace capsule {

std::vector<BlobReference> message_blobs(const Release& release, const ScreenId& id) {
    std::vector<BlobReference> blobs;
    const auto screen = release.fleet.screens.find(id);
    if (screen == release.fleet.screens.end())
        return blobs;
    const auto known = release.fleet.sites.find(screen->second.site);
    const Site site = known == release.fleet.sites.end() ? Site{} : known->second;
    const auto add = [&](const BlobReference& blob) {
        if (std::find(blobs.begin(), blobs.end(), blob) == blobs.end())
            blobs.push_back(blob);
    };
    for (const Message& message : release.now.messages) {
        const auto capsule = message.capsule ? release.programme.capsules.find(*message.capsule) : release.programme.capsules.end();
        if (capsule == release.programme.capsules.end() || !matches(message.where, site, screen->second) || missing_need(capsule->second, site))
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
    return blobs;
}

} // namespace capsule
