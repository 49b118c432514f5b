#include "playlists/model/release.hpp"
#include "playlists/model/fitness.hpp"
#include "playlists/model/where.hpp"

#include <algorithm>
#include <map>
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
    std::map<CapsuleId, std::set<std::string>> capsules; // with the languages that playlists ask for beside the screen's
    const auto walk = [&](const auto& self, const PlaylistId& id, const std::map<std::string, int>& languages,
                          std::set<PlaylistId>& reached) -> void {
        const auto playlist = release.programme.playlists.find(id);
        if (playlist == release.programme.playlists.end() || !reached.insert(id).second)
            return;
        for (const PlaylistItem& item : playlist->second.items) {
            if (item.playlist) {
                self(self, *item.playlist, languages, reached);
                continue;
            }
            auto& asked = capsules[item.capsule];
            for (const auto& [language, part] : languages)
                asked.insert(language);
        }
    };
    for (const Schedule& schedule : release.programme.schedules) {
        const auto playlist = release.programme.playlists.find(schedule.playlist);
        if (playlist == release.programme.playlists.end() || !matches(schedule.where, site, screen->second))
            continue;
        std::set<PlaylistId> reached;
        walk(walk, schedule.playlist, playlist->second.languages, reached);
    }
    for (auto entry = capsules.begin(); entry != capsules.end(); ++entry) // what follows a capsule comes with it
        if (const auto capsule = release.programme.capsules.find(entry->first);
            capsule != release.programme.capsules.end() && capsule->second.followed_by)
            capsules[*capsule->second.followed_by].insert(entry->second.begin(), entry->second.end());
    const auto add_version = [&](const CapsuleVersion& version) {
        add(version.media);
        for (const CaptionTrack& track : version.captions)
            if (track.drawn)
                add(track.blob);
    };
    for (const auto& [id, languages] : capsules) {
        const auto capsule = release.programme.capsules.find(id);
        if (capsule == release.programme.capsules.end() || missing_need(capsule->second, site))
            continue;
        if (const auto index = version_for(capsule->second, screen->second, release.now))
            add_version(capsule->second.versions[*index]);
        for (const std::string& language : languages)
            if (const auto index = version_in(capsule->second, language, release.now))
                add_version(capsule->second.versions[*index]);
    }
    if (release.programme.directory_places)
        add(*release.programme.directory_places);
    std::stable_sort(blobs.begin(), blobs.end(), [](const BlobReference& left, const BlobReference& right) {
        return left.bytes != right.bytes ? left.bytes < right.bytes : left.sha256 < right.sha256;
    });
    return blobs;
}

} // namespace capsule
