#include "playlists/server/catalogue/warnings.hpp"

#include "content/qr/qr.hpp"
#include "playlists/model/fitness.hpp"
#include "playlists/model/where.hpp"
#include "playlists/schedule/flatten.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace capsule::server {

namespace {

using Kind = PublishingWarning::Kind;

// Screens that the same content reaches in the same way are looked at once.
struct Audience {
    Screen screen; // one of them
    Site site;
    std::vector<PlaylistId> playlists; // that schedules bring here
    std::set<ScreenId> screens;
};

std::vector<PlaylistId> playlists_at(const Programme& programme, const Site& site, const Screen& screen) {
    std::vector<PlaylistId> playlists;
    for (const Schedule& schedule : programme.schedules)
        if (matches(schedule.where, site, screen) && std::find(playlists.begin(), playlists.end(), schedule.playlist) == playlists.end())
            playlists.push_back(schedule.playlist);
    return playlists;
}

std::vector<Audience> audiences_of(const Programme& before, const Release& release) {
    using Key = std::tuple<std::vector<PlaylistId>, std::vector<PlaylistId>, std::vector<std::string>, std::vector<std::string>, bool>;
    std::map<Key, Audience> found;
    for (const auto& [id, screen] : release.fleet.screens) {
        const auto entry = release.fleet.sites.find(screen.site);
        const Site site = entry == release.fleet.sites.end() ? Site{} : entry->second;
        const auto playlists = playlists_at(release.programme, site, screen);
        Audience& audience = found[{playlists_at(before, site, screen), playlists, screen.languages, site.offers, site.latitude_e6 && site.longitude_e6}];
        if (audience.screens.empty())
            audience = {screen, site, playlists, {}};
        audience.screens.insert(id);
    }
    std::vector<Audience> audiences;
    for (auto& [key, audience] : found)
        audiences.push_back(std::move(audience));
    return audiences;
}

bool speaks(const std::string& language, const std::string& wanted) {
    return language == wanted || language.starts_with(wanted + "-");
}

// Whether somebody who reads this language only, without sound, follows the capsule.
bool follows(const Capsule& capsule, const Audience& audience, const std::string& language, const NowDocument& now) {
    auto index = version_in(capsule, language, now);
    const bool own = index.has_value();
    if (!index)
        index = version_for(capsule, audience.screen, now);
    if (!index)
        return true; // it does not play there at all
    const CapsuleVersion& version = capsule.versions[*index];
    if (std::any_of(version.captions.begin(), version.captions.end(), [&](const CaptionTrack& track) { return speaks(track.language, language); }))
        return true;
    return own && (version.text_in_picture || !version.sound);
}

class Finder {
public:
    Finder(const Programme& before, const Release& after, const Surroundings& surroundings)
        : m_before{before, after.fleet, after.now}, m_after(after), m_surroundings(surroundings) {}

    std::vector<PublishingWarning> run() {
        for (const Audience& audience : audiences_of(m_before.programme, m_after)) {
            captions(audience);
            loops(audience);
            cards(audience);
            disks(audience);
        }
        codes();
        std::vector<PublishingWarning> warnings;
        for (auto& [key, warning] : m_found)
            warnings.push_back(std::move(warning));
        return warnings;
    }

private:
    void add(PublishingWarning warning, const std::set<ScreenId>& screens) {
        const auto key = std::make_tuple(warning.kind, warning.playlist, warning.capsule, warning.language, warning.needed, warning.given);
        m_found.emplace(key, std::move(warning)).first->second.screens.insert(screens.begin(), screens.end());
    }

    const Playlist* playlist(const PlaylistId& id) const {
        const auto found = m_after.programme.playlists.find(id);
        return found == m_after.programme.playlists.end() ? nullptr : &found->second;
    }

    // The capsules that really play there, each once.
    std::vector<const Capsule*> capsules_for(const Playlist& list, const Audience& audience) const {
        std::vector<const Capsule*> capsules;
        std::set<CapsuleId> seen;
        for (const FlatItem& item : flatten(m_after.programme, list, [](const CapsuleId&) { return true; }).items) {
            const auto capsule = m_after.programme.capsules.find(item.item->capsule);
            if (capsule != m_after.programme.capsules.end() && seen.insert(capsule->first).second &&
                !missing_need(capsule->second, audience.site))
                capsules.push_back(&capsule->second);
        }
        return capsules;
    }

    void captions(const Audience& audience) {
        for (const PlaylistId& id : audience.playlists)
            if (const Playlist* list = playlist(id))
                for (const Capsule* capsule : capsules_for(*list, audience))
                    for (const std::string& language : audience.screen.languages)
                        if (capsule->kind != CapsuleKind::card && !follows(*capsule, audience, language, m_after.now))
                            add({Kind::caption_language, capsule->id.text(), {}, language, 0, 0, {}}, audience.screens);
    }

    // One round of what plays there, the stills between included.
    Milliseconds round_of(const Playlist& list, const Audience& audience) const {
        Milliseconds round{0};
        for (const Capsule* capsule : capsules_for(list, audience)) {
            if (capsule->kind == CapsuleKind::card) {
                if (!missing_for_card(*capsule, m_after.programme, audience.site))
                    round += list.still_duration.count() > 0 ? list.still_duration : usual_card_duration;
            } else if (const auto index = version_for(*capsule, audience.screen, m_after.now)) {
                round += capsule->kind == CapsuleKind::image && list.still_duration.count() > 0 ? list.still_duration
                                                                                                  : capsule->versions[*index].duration;
            }
        }
        return round * 100 / (100 - std::clamp(list.calm_percent, 0, 90));
    }

    void loops(const Audience& audience) {
        for (const PlaylistId& id : audience.playlists) {
            const Playlist* list = playlist(id);
            if (!list)
                continue;
            const Milliseconds round = round_of(*list, audience);
            std::map<Milliseconds, std::set<ScreenId>> by_wait;
            for (const ScreenId& screen : audience.screens) {
                const auto declared = m_surroundings.waiting.find(m_after.fleet.screens.at(screen).site);
                const Milliseconds wait = declared == m_surroundings.waiting.end() ? m_surroundings.usual_wait : declared->second;
                if (round.count() > 0 && round < wait)
                    by_wait[wait].insert(screen);
            }
            for (const auto& [wait, screens] : by_wait)
                add({Kind::loop_short, {}, id.text(), {}, wait.count(), round.count(), {}}, screens);
        }
    }

    // Cards that are listed, or follow what is listed, and that these screens cannot draw for want of something that can be had.
    void cards(const Audience& audience) {
        for (const PlaylistId& id : audience.playlists) {
            const Playlist* list = playlist(id);
            if (!list)
                continue;
            for (const Capsule* capsule : capsules_for(*list, audience)) {
                const auto after = capsule->followed_by ? m_after.programme.capsules.find(*capsule->followed_by) : m_after.programme.capsules.end();
                for (const Capsule* card : {capsule, after == m_after.programme.capsules.end() ? nullptr : &after->second})
                    if (card && missing_for_card(*card, m_after.programme, audience.site))
                        add({m_after.programme.directory_places ? Kind::card_no_position : Kind::card_no_places, card->id.text(), {}, {}, 0, 0, {}},
                            audience.screens);
            }
        }
    }

    // What the screens have by the programme in force needs no room any more.
    void disks(const Audience& audience) {
        std::int64_t needed = 0;
        std::set<Digest> there;
        for (const BlobReference& blob : blobs_needed(m_before, audience.screen.id))
            there.insert(blob.sha256);
        for (const BlobReference& blob : blobs_needed(m_after, audience.screen.id))
            needed += there.contains(blob.sha256) ? 0 : static_cast<std::int64_t>(blob.bytes);
        for (const ScreenId& screen : audience.screens)
            if (const auto free = m_surroundings.free_bytes.find(screen); free != m_surroundings.free_bytes.end() && free->second < needed)
                add({Kind::disk_small, {}, {}, {}, needed, free->second, {}}, {screen});
    }

    bool shows_codes(const Screen& screen) const {
        const auto site = m_after.fleet.sites.find(screen.site);
        return std::any_of(m_after.programme.schedules.begin(), m_after.programme.schedules.end(), [&](const Schedule& schedule) {
            const Playlist* list = playlist(schedule.playlist);
            return list && matches(schedule.where, site == m_after.fleet.sites.end() ? Site{} : site->second, screen) &&
                   (list->qr_card_every.count() > 0 || std::any_of(list->items.begin(), list->items.end(), [](const PlaylistItem& item) { return item.qr_card_after; }));
        });
    }

    // The code takes the shorter side of a 16:9 panel, its quiet zone included.
    void codes() {
        if (m_surroundings.public_url.empty())
            return;
        const auto code = QrCode::encode(upper(m_surroundings.public_url) + "/Q/000000");
        if (!code)
            return;
        for (const auto& [id, screen] : m_after.fleet.screens) {
            const double side = screen.diagonal_mm * 9 / std::hypot(16, 9);
            const double given = side * code->modules() / (code->modules() + 2 * qr_quiet_zone);
            const double needed = qr_width_needed_mm(screen.distance_mm, code->modules());
            if (given < needed && shows_codes(screen))
                add({Kind::qr_illegible, {}, {}, {}, std::lround(needed), std::lround(given), {}}, {id});
        }
    }

    static std::string upper(std::string text) {
        std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
        return text;
    }

    const Release m_before;
    const Release& m_after;
    const Surroundings& m_surroundings;
    std::map<std::tuple<Kind, std::string, std::string, std::string, std::int64_t, std::int64_t>, PublishingWarning> m_found;
};

} // namespace

std::string in_words(const PublishingWarning& warning) {
    constexpr std::size_t named = 3;
    std::string text = "on " + std::to_string(warning.screens.size()) + (warning.screens.size() == 1 ? " screen (" : " screens (");
    std::size_t count = 0;
    for (const ScreenId& id : warning.screens)
        if (count++ < named)
            text += (count > 1 ? ", " : "") + id.text();
    text += (count > named ? " and " + std::to_string(count - named) + " more" : "") + "): ";
    const auto seconds = [](std::int64_t ms) { return std::to_string((ms + 500) / 1000) + " s"; };
    const auto megabytes = [](std::int64_t bytes) { return std::to_string(bytes / 1'000'000) + " MB"; };
    switch (warning.kind) {
    case Kind::qr_illegible:
        return text + "the QR code needs sides of " + std::to_string(warning.needed) + " mm and has " + std::to_string(warning.given) +
               ": move the chairs closer, take a larger screen, or correct distance_mm";
    case Kind::caption_language:
        return text + "capsule \"" + warning.capsule + "\" has neither a version nor captions in \"" + warning.language + "\": add captions";
    case Kind::disk_small:
        return text + megabytes(warning.needed) + " are to be fetched and " + megabytes(warning.given) + " are free: remove capsules or make room";
    case Kind::loop_short:
        return text + "playlist \"" + warning.playlist + "\" is over in " + seconds(warning.given) + " where people wait " + seconds(warning.needed) +
               ": they see it more than once; add capsules";
    case Kind::card_no_places:
        return text + "the card \"" + warning.capsule + "\" is not shown, for no directory of places is there: push one";
    case Kind::card_no_position:
        break;
    }
    return text + "the card \"" + warning.capsule + "\" is not shown, for the position of the site is not known: add its latitude and longitude";
}

std::vector<PublishingWarning> publishing_warnings(const Programme& before, const Release& after, const Surroundings& surroundings) {
    return Finder(before, after, surroundings).run();
}

} // namespace capsule::server
