#include "playlists/model/release.hpp"
#include "playlists/model/fitness.hpp"
#include "playlists/model/needed_blobs.hpp"
#include "playlists/model/where.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace capsule {

namespace {

// What stands where the screen is; a site that the fleet does not have offers nothing.
struct Place {
    const Screen& screen;
    Site site;
};

std::optional<Place> place_of(const Fleet& fleet, const ScreenId& id) {
    const auto screen = fleet.screens.find(id);
    if (screen == fleet.screens.end())
        return std::nullopt;
    const auto site = fleet.sites.find(screen->second.site);
    return Place{screen->second, site == fleet.sites.end() ? Site{} : site->second};
}

// Capsules, with the languages that playlists ask for beside the screen's.
using Asked = std::map<CapsuleId, std::set<std::string>>;

// `languages` are those of the playlist that is scheduled, also inside it.
void ask_inside(const Programme& programme, const PlaylistId& id, const std::map<std::string, int>& languages,
                std::set<PlaylistId>& reached, Asked& asked) {
    const auto playlist = programme.playlists.find(id);
    if (playlist == programme.playlists.end() || !reached.insert(id).second)
        return;
    for (const PlaylistItem& item : playlist->second.items) {
        if (item.playlist) {
            ask_inside(programme, *item.playlist, languages, reached, asked);
            continue;
        }
        auto& of_capsule = asked[item.capsule];
        for (const auto& [language, part] : languages)
            of_capsule.insert(language);
    }
}

void ask(const Programme& programme, const PlaylistId& id, Asked& asked) {
    const auto playlist = programme.playlists.find(id);
    std::set<PlaylistId> reached;
    if (playlist != programme.playlists.end())
        ask_inside(programme, id, playlist->second.languages, reached, asked);
}

// What follows a capsule comes with it.
void ask_followers(const Programme& programme, Asked& asked) {
    const Asked leaders = asked;
    for (const auto& [id, languages] : leaders)
        if (const auto capsule = programme.capsules.find(id); capsule != programme.capsules.end() && capsule->second.followed_by)
            asked[*capsule->second.followed_by].insert(languages.begin(), languages.end());
}

std::vector<BlobReference> blobs_of(const Release& release, const Place& place, Asked asked, const std::optional<BlobReference>& beside) {
    ask_followers(release.programme, asked);
    std::set<Digest> seen;
    std::vector<BlobReference> blobs;
    const auto add = [&](const BlobReference& blob) {
        if (seen.insert(blob.sha256).second)
            blobs.push_back(blob);
    };
    const auto add_version = [&](const CapsuleVersion& version) {
        add(version.media);
        for (const CaptionTrack& track : version.captions)
            if (track.drawn)
                add(track.blob);
    };
    for (const auto& [id, languages] : asked) {
        const auto capsule = release.programme.capsules.find(id);
        if (capsule == release.programme.capsules.end() || missing_need(capsule->second, place.site))
            continue;
        if (const auto index = version_for(capsule->second, place.screen, release.now))
            add_version(capsule->second.versions[*index]);
        for (const std::string& language : languages)
            if (const auto index = version_in(capsule->second, language, release.now))
                add_version(capsule->second.versions[*index]);
    }
    if (beside)
        add(*beside);
    std::sort(blobs.begin(), blobs.end(), [](const BlobReference& left, const BlobReference& right) {
        return left.bytes != right.bytes ? left.bytes < right.bytes : left.sha256 < right.sha256;
    });
    return blobs;
}

} // namespace

std::vector<BlobReference> blobs_needed(const Release& release, const ScreenId& screen) {
    const auto place = place_of(release.fleet, screen);
    if (!place)
        return {};
    Asked asked;
    for (const Schedule& schedule : release.programme.schedules)
        if (matches(schedule.where, place->site, place->screen))
            ask(release.programme, schedule.playlist, asked);
    return blobs_of(release, *place, std::move(asked), release.programme.directory_places);
}

std::vector<BlobReference> blobs_needed(const Release& release, const ScreenId& screen, const PlaylistId& playlist) {
    const auto place = place_of(release.fleet, screen);
    if (!place)
        return {};
    Asked asked;
    ask(release.programme, playlist, asked);
    return blobs_of(release, *place, std::move(asked), {});
}

} // namespace capsule
