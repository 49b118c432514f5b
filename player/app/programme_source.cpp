#include "player/app/programme_source.hpp"

#include "content/base/log.hpp"
#include "content/captions/language.hpp"
#include "player/app/qr_address.hpp"
#include "playlists/schedule/zone.hpp"

#include <algorithm>
#include <cstdio>

namespace capsule {

namespace {

constexpr int failures_before_setting_aside = 3;
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

const ActiveMessage* full_page(const std::vector<ActiveMessage>& messages) {
    const auto found = std::find_if(messages.begin(), messages.end(),
                                    [](const ActiveMessage& message) { return message.style == MessageStyle::full; });
    return found == messages.end() ? nullptr : &*found;
}

} // namespace

ProgrammeSource::ProgrammeSource(ProgrammeSourceSettings settings, const TimeKeeper& time)
    : m_settings(std::move(settings)), m_time(time) {}

void ProgrammeSource::set_release(ReleasePointer release, std::optional<ScreenId> screen) {
    const std::lock_guard lock(m_mutex);
    if (m_release && release && release->programme.number != m_release->programme.number)
        m_failures.clear(); // a new programme may bring the file anew
    m_release = std::move(release);
    m_screen = std::move(screen);
    if (!m_release)
        return;
    if (m_screen && m_order)
        m_order->set(m_release, *m_screen);
    else if (m_screen)
        m_order.emplace(m_release, *m_screen);
    if (m_screen && m_rebuilt)
        m_order->set_cursor(*std::exchange(m_rebuilt, std::nullopt));
    const std::lock_guard screen_lock(m_screen_mutex);
    m_withdrawn = m_release->now.withdrawn;
    const auto withdrawn = [&](const Given& item) { return is_withdrawn(m_withdrawn, item); };
    const bool prepared = std::erase_if(m_prepared, withdrawn) > 0; // said once: the director drops all that is prepared
    if (m_on_screen && withdrawn(*m_on_screen))
        ask_for(Interruption::on_screen);
    else if (prepared)
        ask_for(Interruption::prepared);
}

ProgrammeSource::Given ProgrammeSource::given(const PlayItem& item) {
    return {item.shown, item.capsule, item.version, item.captions.value_or(Path{}).filename().string(), item.name, item.playlist};
}

bool ProgrammeSource::is_withdrawn(const std::vector<Withdrawal>& withdrawn, const Given& item) {
    return std::any_of(withdrawn.begin(), withdrawn.end(), [&](const Withdrawal& withdrawal) {
        return withdrawal.capsule == item.capsule && (!withdrawal.version || withdrawal.version->hex() == item.version);
    });
}

void ProgrammeSource::give(const PlayItem& item) {
    const std::lock_guard lock(m_screen_mutex);
    m_prepared.push_back(given(item));
    if (m_prepared.size() > 6) // what was given and dropped again; three may be slow, one be prepared, one be ready
        m_prepared.pop_front();
}

// The stronger wish stays until the director has heard it.
void ProgrammeSource::ask_for(Interruption interruption) {
    Interruption before = m_interruption;
    while (before < interruption && !m_interruption.compare_exchange_weak(before, interruption)) {
    }
}

Interruption ProgrammeSource::interruption() {
    if (m_interruption.load(std::memory_order_relaxed) == Interruption::none)
        return Interruption::none;
    return m_interruption.exchange(Interruption::none);
}

void ProgrammeSource::showing_began(const PlayItem& item, std::int64_t) {
    const std::lock_guard lock(m_screen_mutex);
    m_on_screen = given(item);
    const auto found = std::find(m_prepared.begin(), m_prepared.end(), *m_on_screen);
    if (found != m_prepared.end()) // what was given before it may still come: a file that was slow to open
        m_prepared.erase(found);
    // The withdrawal and its turn came at the same moment.
    if (m_on_screen->shown == ShownItem::capsule && is_withdrawn(m_withdrawn, *m_on_screen))
        ask_for(Interruption::on_screen);
}

void ProgrammeSource::showing_ended(const PlayItem& item, const Showing& showing) {
    const std::lock_guard lock(m_screen_mutex);
    m_on_screen.reset();
    if (item.shown == ShownItem::capsule && showing.end == ShowingEnd::complete && m_succeeded.size() < 64)
        m_succeeded.push_back(item.capsule);
}

void ProgrammeSource::set_awaited(std::string text) {
    const std::lock_guard lock(m_mutex);
    m_awaited = std::move(text);
}

void ProgrammeSource::set_enrolment(std::optional<EnrolmentCard> card) {
    const std::lock_guard lock(m_mutex);
    m_enrolment = std::move(card);
}

void ProgrammeSource::set_cursor(Cursor cursor) {
    const std::lock_guard lock(m_mutex);
    if (m_order)
        m_order->set_cursor(std::move(cursor));
    else
        m_rebuilt = std::move(cursor);
}

std::optional<PlayItem> ProgrammeSource::next() {
    const Instant instant = m_time.now().utc;
    const std::lock_guard lock(m_mutex);
    if (!m_release || !m_screen || !m_release->fleet.screens.contains(*m_screen))
        return std::nullopt;
    {
        const std::lock_guard screen_lock(m_screen_mutex);
        for (const CapsuleId& capsule : m_succeeded)
            if (const auto failed = m_failures.find(capsule);
                failed != m_failures.end() && failed->second.count < failures_before_setting_aside)
                m_failures.erase(failed);
        m_succeeded.clear();
    }
    const Evaluation evaluation = evaluate_while_locked(instant);
    m_volume = m_settings.sound ? evaluation.volume : 0;
    if (const ActiveMessage* notice = full_page(evaluation.messages)) {
        const PlayItem item = notice_while_locked(*notice);
        give(item);
        return item;
    }
    if (!evaluation.picture_on) {
        const PlayItem item = closed_card_while_locked();
        give(item);
        return item;
    }
    std::vector<CapsuleId> unplayable;
    for (const auto& [capsule, failures] : m_failures)
        if (failures.count >= failures_before_setting_aside)
            unplayable.push_back(capsule);
    const std::optional<NextItem> chosen = m_order->next(evaluation, instant, unplayable);
    if (!chosen)
        return std::nullopt;
    PlayItem item = item_while_locked(*chosen);
    if (m_first && item.shown == ShownItem::capsule) {
        m_first = false; // whoever switched the screen on, or has waited through a cut, meets the card soon
        m_order->hasten_qr_card();
    }
    give(item);
    return item;
}

PlayItem ProgrammeSource::item_while_locked(const NextItem& next) {
    switch (next.kind) {
    case ItemKind::capsule:
        return capsule_item_while_locked(next);
    case ItemKind::qr_card:
        return qr_card_while_locked(next);
    case ItemKind::calm:
        break;
    }
    return calm_item_while_locked(next);
}

PlayItem ProgrammeSource::calm_item_while_locked(const NextItem& next) {
    const Screen& screen = m_release->fleet.screens.at(*m_screen);
    const Site& site = site_of(m_release->fleet, screen);
    const CalmCard card{site.name.empty() ? screen.name : site.name, "", "", "fr"};
    PlayItem item;
    item.media = MediaKind::card;
    item.shown = ShownItem::card;
    item.name = "calm";
    item.draw = [card](Size size) { return draw_calm_card(card, size); };
    item.duration = next.duration;
    item.playlist = next.playlist;
    item.programme = m_release->programme.number;
    item.fleet = m_release->fleet.number;
    item.reason = next.reason;
    return item;
}

PlayItem ProgrammeSource::capsule_item_while_locked(const NextItem& next) {
    const Capsule& capsule = m_release->programme.capsules.at(next.capsule);
    const CapsuleVersion& version = capsule.versions.at(next.version);
    const Screen& screen = m_release->fleet.screens.at(*m_screen);
    PlayItem item;
    item.media = capsule.kind == CapsuleKind::image ? MediaKind::image : MediaKind::video;
    item.shown = ShownItem::capsule;
    item.name = capsule.id.text();
    item.file = blob(version.media.sha256);
    item.duration = next.duration;
    item.volume_now = [this, percent = next.volume] { return m_volume * percent / 100; };
    item.volume = item.volume_now();
    item.sound = version.sound && item.volume > 0;
    item.gain_mdb = version.gain_mdb;
    if (const CaptionTrack* track = captions_for(version, screen)) {
        item.captions = blob(track->blob.sha256);
        item.captions_language = track->language;
        item.diagonal_mm = screen.diagonal_mm;
        item.distance_mm = screen.distance_mm;
    }
    item.playlist = next.playlist;
    item.capsule = capsule.id;
    item.version = version.media.sha256.hex();
    item.language = version.language;
    item.programme = m_release->programme.number;
    item.fleet = m_release->fleet.number;
    item.reason = next.reason;
    return item;
}

PlayItem ProgrammeSource::qr_card_while_locked(const NextItem& next) {
    const Capsule& capsule = m_release->programme.capsules.at(next.capsule);
    const Screen& screen = m_release->fleet.screens.at(*m_screen);
    const Site& site = site_of(m_release->fleet, screen);
    const std::string language = next.version < capsule.versions.size() ? capsule.versions[next.version].language : "fr";
    const QrAddress address = m_settings.public_url.empty() || screen.code.empty() || capsule.code.empty()
                                  ? directory_address(m_release->programme, site, capsule.theme, language)
                                  : short_link(m_settings.public_url, screen.code, capsule.code);
    QrCard card;
    card.url = address.url;
    card.domain = address.domain;
    card.title = title_of(capsule, language);
    card.language = language;
    card.diagonal_mm = screen.diagonal_mm;
    card.distance_mm = screen.distance_mm;

    PlayItem item;
    item.media = MediaKind::card;
    item.shown = ShownItem::qr_card;
    item.name = "qr-card";
    item.draw = [card](Size size) { return draw_qr_card(card, size); };
    item.duration = m_settings.qr_card_duration;
    item.playlist = next.playlist;
    item.capsule = capsule.id;
    item.language = language;
    item.programme = m_release->programme.number;
    item.fleet = m_release->fleet.number;
    item.reason = next.reason;
    return item;
}

PlayItem ProgrammeSource::closed_card_while_locked() {
    const Site& site = site_of(m_release->fleet, m_release->fleet.screens.at(*m_screen));
    const CalmCard card{"Fermé pour le moment", site.name, "", "fr"};
    PlayItem item;
    item.media = MediaKind::card;
    item.shown = ShownItem::card;
    item.name = "closed";
    item.draw = [card](Size size) { return draw_calm_card(card, size); };
    item.duration = closed_card_duration;
    item.programme = m_release->programme.number;
    item.fleet = m_release->fleet.number;
    item.reason = "hors des heures d’ouverture";
    return item;
}

PlayItem ProgrammeSource::notice_while_locked(const ActiveMessage& message) {
    PlayItem item;
    item.media = MediaKind::card;
    item.shown = ShownItem::notice;
    item.name = "notice-" + message.id.text();
    item.draw = [text = message.text](Size size) { return draw_notice_card(text, "fr", size); };
    item.duration = notice_duration;
    item.programme = m_release->programme.number;
    item.fleet = m_release->fleet.number;
    item.reason = "message urgent";
    return item;
}

Evaluation ProgrammeSource::evaluate_while_locked(Instant instant) const {
    return m_order->at(instant, m_time.clock_known());
}

PlayItem ProgrammeSource::fallback() {
    const std::lock_guard lock(m_mutex);
    CalmCard card{"Bientôt, des informations utiles", m_awaited, m_settings.device_name, "fr"};
    PlayItem item;
    const bool serves = m_release && m_screen && m_release->fleet.screens.contains(*m_screen);
    if (m_release && m_screen) {
        const auto screen = m_release->fleet.screens.find(*m_screen);
        if (screen != m_release->fleet.screens.end()) {
            const auto site = m_release->fleet.sites.find(screen->second.site);
            card.screen_name = (site != m_release->fleet.sites.end() ? site->second.name + " – " : std::string{}) + screen->second.name;
            if (card.detail.empty())
                card.detail = "Aucune capsule n’est prévue ici pour le moment.";
        }
        item.programme = m_release->programme.number;
        item.fleet = m_release->fleet.number;
    }
    if (card.detail.empty())
        card.detail = "Cet appareil n’est pas encore rattaché à un écran.";
    item.media = MediaKind::fallback;
    item.shown = ShownItem::fallback;
    item.name = "fallback";
    if (m_enrolment && !serves)
        item.draw = [card = *m_enrolment](Size size) { return draw_enrolment_card(card, size); };
    else
        item.draw = [card](Size size) { return draw_calm_card(card, size); };
    item.duration = Milliseconds{1000};
    return item;
}

void ProgrammeSource::failed(const PlayItem& item, const Error& error) {
    if (item.shown != ShownItem::capsule)
        return;
    {
        const std::lock_guard lock(m_mutex);
        Failures& failures = m_failures[item.capsule];
        failures.reason = error.message;
        if (++failures.count == failures_before_setting_aside)
            log_warning("player", "the capsule " + item.capsule.text() + " is set aside after three failures: " + error.message);
    }
    if (const auto digest = Digest::parse(item.version); digest && m_on_failure)
        m_on_failure(*digest);
}

void ProgrammeSource::restored(const Digest& version) {
    const std::lock_guard lock(m_mutex);
    if (!m_release)
        return;
    std::erase_if(m_failures, [&](const auto& failure) {
        const auto capsule = m_release->programme.capsules.find(failure.first);
        return capsule != m_release->programme.capsules.end() &&
               std::any_of(capsule->second.versions.begin(), capsule->second.versions.end(),
                           [&](const CapsuleVersion& has) { return has.media.sha256 == version; });
    });
}

std::map<CapsuleId, std::string> ProgrammeSource::set_aside() const {
    const std::lock_guard lock(m_mutex);
    std::map<CapsuleId, std::string> aside;
    for (const auto& [capsule, failures] : m_failures)
        if (failures.count >= failures_before_setting_aside)
            aside[capsule] = failures.reason;
    return aside;
}

std::set<Digest> ProgrammeSource::on_air() const {
    const std::lock_guard lock(m_screen_mutex);
    std::set<Digest> files;
    const auto add = [&](const Given& item) {
        for (const std::string& name : {item.version, item.captions})
            if (const auto digest = Digest::parse(name))
                files.insert(*digest);
    };
    if (m_on_screen)
        add(*m_on_screen);
    for (const Given& item : m_prepared)
        add(item);
    return files;
}

Strip ProgrammeSource::strip() const {
    const Instant instant = m_time.now().utc;
    const std::lock_guard lock(m_mutex);
    if (!m_release || !m_screen || !m_release->fleet.screens.contains(*m_screen))
        return {};
    const Screen& screen = m_release->fleet.screens.at(*m_screen);
    const Site& site = site_of(m_release->fleet, screen);
    const auto wants = [&](const char* what) { return std::find(screen.strip.begin(), screen.strip.end(), what) != screen.strip.end(); };
    Strip strip{{}, {}, screen.diagonal_mm, screen.distance_mm};
    if (wants("site"))
        strip.place = site.name;
    if (wants("clock") && m_time.clock_known() == ClockKnown::yes) {
        const LocalTime local = Zone(site.zone).local(instant);
        const auto minutes = std::chrono::floor<std::chrono::minutes>(local - std::chrono::floor<std::chrono::days>(local)).count();
        char text[16];
        std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
        strip.time = text;
    }
    return strip;
}

std::vector<ActiveMessage> ProgrammeSource::keep_up() {
    const Instant instant = m_time.now().utc;
    const std::lock_guard lock(m_mutex);
    if (!m_release || !m_screen || !m_release->fleet.screens.contains(*m_screen)) {
        m_kept_up.reset();
        m_volume = 0;
        return {};
    }
    Evaluation now = evaluate_while_locked(instant);
    m_volume = m_settings.sound ? now.volume : 0;
    const ActiveMessage* notice = full_page(now.messages);
    if (m_kept_up) {
        const ActiveMessage* before = full_page(m_kept_up->messages);
        const bool notice_changed = (notice != nullptr) != (before != nullptr) || (notice && *notice != *before);
        const bool other_content = m_kept_up->playlist != now.playlist || m_kept_up->campaigns != now.campaigns;
        if (notice_changed || (other_content && (m_kept_up->at_once || now.at_once)))
            ask_for(Interruption::on_screen);
        else if (other_content || m_kept_up->picture_on != now.picture_on)
            ask_for(Interruption::change);
    } else if (notice) {
        ask_for(Interruption::on_screen); // it may have come after what is on screen was asked for
    }
    std::vector<ActiveMessage> banners;
    for (const ActiveMessage& message : now.messages)
        if (message.style == MessageStyle::banner)
            banners.push_back(message);
    m_kept_up = std::move(now);
    return banners;
}

Path ProgrammeSource::blob(const Digest& digest) const {
    const std::string hex = digest.hex();
    return m_settings.blobs / hex.substr(0, 2) / hex;
}

} // namespace capsule
