#include "player/app/item_maker.hpp"

#include "content/captions/language.hpp"
#include "player/app/qr_address.hpp"
#include "player/overlay/cards.hpp"
#include "player/overlay/nearby_card.hpp"
#include "player/overlay/site_card.hpp"
#include "playlists/model/fitness.hpp"
#include "playlists/places/in_words.hpp"
#include "playlists/schedule/judge.hpp"
#include "playlists/schedule/timetable.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

namespace capsule {

namespace {

constexpr Milliseconds closed_card_duration{30'000};
constexpr Milliseconds notice_duration{30'000};

const std::string& title_of(const Capsule& capsule, const std::string& language) {
    static const std::string none;
    auto found = capsule.title.find(language);
    if (found == capsule.title.end())
        found = capsule.title.find("fr");
    return found == capsule.title.end() ? none : found->second;
}

// The track to draw, of those whose text is not in the picture already: the first of the screen's languages that has one, else the
// capsule's own, since the sound is off most of the time.
const CaptionTrack* captions_for(const CapsuleVersion& version, const Screen& screen) {
    std::vector<std::string> languages = screen.languages;
    languages.push_back(version.language);
    for (const std::string& language : languages)
        for (const CaptionTrack& track : version.captions)
            if (track.drawn && same_language(language, track.language))
                return &track;
    return nullptr;
}

PlayItem numbered(const ItemPlace& here, std::string reason) {
    PlayItem item;
    item.programme = here.release.programme.number;
    item.fleet = here.release.fleet.number;
    item.reason = std::move(reason);
    return item;
}

PlayItem drawn(const ItemPlace& here, std::string name, std::string reason) {
    PlayItem item = numbered(here, std::move(reason));
    item.media = MediaKind::card;
    item.shown = ShownItem::card;
    item.name = std::move(name);
    return item;
}

std::string clock_text(LocalTime local) {
    const auto minutes = std::chrono::floor<std::chrono::minutes>(local - std::chrono::floor<std::chrono::days>(local)).count();
    char text[16];
    std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
    return text;
}

// Whose data, of when, and how far "near" is meant.
std::string source_line(const std::vector<NearbyPlace>& places) {
    std::set<std::string> sources;
    std::optional<LocalDay> first, last;
    for (const NearbyPlace& near : places) {
        if (const std::string& source = near.place->text("source"); !source.empty())
            sources.insert(source);
        if (const auto day = parse_day(near.place->text("date_maj"))) {
            first = first ? std::min(*first, *day) : *day;
            last = last ? std::max(*last, *day) : *day;
        }
    }
    std::string line;
    for (const std::string& source : sources)
        line += (line.empty() ? "Source : " : ", ") + source;
    if (first)
        line += (line.empty() ? "Confirmé " : ", confirmé ") +
                (*first == *last ? "le " + in_words::date(*first)
                                 : "entre le " + in_words::date(*first) + " et le " + in_words::date(*last));
    return line + (line.empty() ? "" : ". ") + "Distances à vol d’oiseau.";
}

NearbyCard nearby_card_of(const std::vector<NearbyPlace>& places, LocalDay today, const Screen& screen) {
    NearbyCard card;
    card.diagonal_mm = screen.diagonal_mm;
    card.distance_mm = screen.distance_mm;
    for (const NearbyPlace& near : places) {
        NearbyCard::Entry entry;
        entry.name = near.place->text("nom");
        entry.distance = in_words::distance(near.metres);
        entry.opening = in_words::opening(near.open, today);
        entry.open = near.open.state == OpenToday::State::open || near.open.state == OpenToday::State::always;
        entry.address = in_words::address(*near.place);
        entry.telephone = in_words::telephone(near.place->text("telephone"));
        entry.notes = in_words::notes(*near.place);
        card.places.push_back(std::move(entry));
    }
    card.source = source_line(places);
    return card;
}

} // namespace

Path ItemMaker::blob(const Digest& digest) const {
    const std::string hex = digest.hex();
    return m_settings.blobs / hex.substr(0, 2) / hex;
}

std::function<std::int64_t()> ItemMaker::minute() const {
    return [&time = m_time] {
        return time.clock_known() == ClockKnown::no ? std::int64_t{-1}
                                                    : std::chrono::floor<std::chrono::minutes>(time.now().utc).time_since_epoch().count();
    };
}

PlayItem ItemMaker::capsule(const ItemPlace& here, const NextItem& next, const std::function<int()>& volume_now) const {
    const Capsule& capsule = here.release.programme.capsules.at(next.capsule);
    const CapsuleVersion& version = capsule.versions.at(next.version);
    PlayItem item = numbered(here, next.reason);
    item.media = capsule.kind == CapsuleKind::image ? MediaKind::image : MediaKind::video;
    item.shown = ShownItem::capsule;
    item.name = capsule.id.text();
    item.file = blob(version.media.sha256);
    item.duration = next.duration;
    item.volume_now = [volume_now, percent = next.volume] { return volume_now() * percent / 100; };
    item.volume = item.volume_now();
    item.sound = version.sound && item.volume > 0;
    item.gain_mdb = version.gain_mdb;
    if (const CaptionTrack* track = captions_for(version, here.screen)) {
        item.captions = blob(track->blob.sha256);
        item.captions_language = track->language;
        item.diagonal_mm = here.screen.diagonal_mm;
        item.distance_mm = here.screen.distance_mm;
    }
    item.playlist = next.playlist;
    item.capsule = capsule.id;
    item.version = version.media.sha256.hex();
    item.language = version.language;
    return item;
}

bool ItemMaker::has_places(const ItemPlace& here, const NearbyPlaces::Places& places) const {
    const Site& site = site_of(here.release.fleet, here.screen);
    const auto position = position_of(site);
    return position && m_time.clock_known() == ClockKnown::yes &&
           !nearby(*places, {*position, m_time.now().utc, 1}, Zone(site.zone)).empty();
}

PlayItem ItemMaker::card(const ItemPlace& here, const NextItem& next, NearbyPlaces::Places places) const {
    const Site& site = site_of(here.release.fleet, here.screen);
    PlayItem item = drawn(here, next.capsule.text(), next.reason);
    item.duration = next.duration;
    item.playlist = next.playlist;
    item.capsule = next.capsule;
    item.language = "fr";
    item.edition = minute();
    if (next.capsule.text() == site_card) {
        item.draw = site_drawing(here);
        return item;
    }
    item.draw = [&time = m_time, screen = here.screen, zone = Zone(site.zone), calendar = calendar_of(here.release.programme),
                 position = position_of(site).value_or(Position{}), places = std::move(places)](Size size) {
        const Instant instant = time.now().utc;
        const auto near = nearby(*places, {position, instant}, zone, calendar);
        return draw_nearby_card(nearby_card_of(near, zone.day(instant), screen), size);
    };
    return item;
}

PlayItem ItemMaker::qr_card(const ItemPlace& here, const NextItem& next) const {
    const Capsule& capsule = here.release.programme.capsules.at(next.capsule);
    const Screen& screen = here.screen;
    const Site& site = site_of(here.release.fleet, screen);
    const std::string language = next.version < capsule.versions.size() ? capsule.versions[next.version].language : "fr";
    const QrAddress address = m_settings.public_url.empty() || screen.code.empty() || capsule.code.empty()
                                  ? directory_address(here.release.programme, site, capsule.theme, language)
                                  : short_link(m_settings.public_url, screen.code, capsule.code);
    QrCard card;
    card.url = address.url;
    card.domain = address.domain;
    card.title = title_of(capsule, language);
    card.language = language;
    card.diagonal_mm = screen.diagonal_mm;
    card.distance_mm = screen.distance_mm;

    PlayItem item = drawn(here, "qr-card", next.reason);
    item.shown = ShownItem::qr_card;
    item.draw = [card](Size size) { return draw_qr_card(card, size); };
    item.duration = m_settings.qr_card_duration;
    item.playlist = next.playlist;
    item.capsule = capsule.id;
    item.language = language;
    return item;
}

std::function<Picture(Size)> ItemMaker::site_drawing(const ItemPlace& here) const {
    const Site& site = site_of(here.release.fleet, here.screen);
    return [&time = m_time, name = site.name.empty() ? here.screen.name : site.name, hours = site.hours, zone = Zone(site.zone),
            calendar = calendar_of(here.release.programme)](Size size) {
        SiteCard card{name, {}, {}, {}, {}};
        if (time.clock_known() == ClockKnown::yes) {
            const Instant instant = time.now().utc;
            const LocalTime local = zone.local(instant);
            const LocalDay today = std::chrono::floor<std::chrono::days>(local);
            card.time = clock_text(local);
            card.date = in_words::weekday_and_date(today);
            card.opening = in_words::opening(open_today(hours, zone, instant, calendar), today);
            card.hours = in_words::hours_of(hours, today, calendar);
        }
        return draw_site_card(card, size);
    };
}

PlayItem ItemMaker::calm(const ItemPlace& here, const NextItem& next) const {
    PlayItem item = drawn(here, "calm", next.reason);
    item.draw = site_drawing(here);
    item.edition = minute();
    item.duration = next.duration;
    item.playlist = next.playlist;
    return item;
}

PlayItem ItemMaker::closed(const ItemPlace& here) const {
    const Site& site = site_of(here.release.fleet, here.screen);
    PlayItem item = drawn(here, "closed", "hors des heures d’ouverture");
    const CalmCard card{"Fermé pour le moment", site.name, "", "fr"};
    item.draw = [card](Size size) { return draw_calm_card(card, size); };
    item.duration = closed_card_duration;
    return item;
}

PlayItem ItemMaker::notice(const ItemPlace& here, const ActiveMessage& message) const {
    PlayItem item = drawn(here, "notice-" + message.id.text(), "message urgent");
    item.shown = ShownItem::notice;
    item.draw = [text = message.text, language = message.language](Size size) { return draw_notice_card(text, language, size); };
    item.duration = notice_duration;
    item.language = message.language;
    return item;
}

} // namespace capsule
