#include "playlists/schedule/next.hpp"
#include "playlists/schedule/fingerprint.hpp"
#include "playlists/schedule/flatten.hpp"
#include "playlists/schedule/judge.hpp"
#include "playlists/schedule/rotation.hpp"
#include "playlists/schedule/zone.hpp"

#include <algorithm>

namespace capsule {

namespace {

constexpr Milliseconds hour{3'600'000};

} // namespace

std::string playlist_digest(const Programme& programme, const Playlist& playlist) {
    Fingerprint fingerprint;
    fingerprint.add(playlist.id.text());
    fingerprint.add(static_cast<std::int64_t>(playlist.order));
    fingerprint.add(playlist.not_again_within.count());
    fingerprint.add(std::int64_t{playlist.themes_apart});
    for (const auto& [language, part] : playlist.languages) {
        fingerprint.add(language);
        fingerprint.add(part);
    }
    for (const FlatItem& flat : flatten(programme, playlist, [](const CapsuleId&) { return true; }).items) {
        fingerprint.add(flat.item->capsule.text());
        fingerprint.add(flat.weight);
        fingerprint.add(flat.item->at_least_per_hour.value_or(-1));
        fingerprint.add(flat.item->at_most_per_hour.value_or(-1));
        fingerprint.add(flat.item->not_again_within.count());
    }
    return fingerprint.text();
}

std::string local_day(const Fleet& fleet, const ScreenId& screen, Instant instant) {
    return to_text(Zone{site_of(fleet, find_screen(fleet, screen)).zone}.day(instant));
}

std::optional<std::string> obstacle(const Release& release, const ScreenId& screen, const CapsuleId& capsule, Instant instant,
                                    const std::vector<CapsuleId>& set_aside) {
    const Screen* where = find_screen(release.fleet, screen);
    if (!where)
        return "L’écran n’est pas dans le parc.";
    const Here here{release, *where, site_of(release.fleet, where), local_day(release.fleet, screen, instant)};
    return judge(here, capsule, set_aside).obstacle;
}

void count_showing(Cursor& cursor, PlaylistOrder order, const CapsuleId& capsule, const std::string& language, Milliseconds duration,
                   Instant began) {
    ++cursor.shown[capsule];
    ++cursor.languages[language];
    if (!cursor.shares.empty())
        ++cursor.counted[capsule];
    cursor.last = capsule;
    if (order == PlaylistOrder::listed)
        cursor.last_listed = capsule;
    cursor.since_qr_card += duration;
    std::vector<Instant>& starts = cursor.began[capsule];
    std::erase_if(starts, [&](Instant other) { return other <= began - hour || other > began; });
    starts.push_back(began);
}

NextResult next(const Release& release, const PlaylistId& playlist, const ScreenId& screen, Cursor cursor, Instant instant,
                const std::vector<CapsuleId>& set_aside) {
    const auto found = release.programme.playlists.find(playlist);
    if (found == release.programme.playlists.end())
        return {std::nullopt, std::move(cursor)};
    auto item = Rotation{release, screen, found->second}.next(cursor, instant, set_aside);
    return {std::move(item), std::move(cursor)};
}

} // namespace capsule
