#include "player/app/programme_source.hpp"

#include "content/base/log.hpp"
#include "playlists/model/fitness.hpp"
#include "playlists/schedule/judge.hpp"
#include "playlists/schedule/zone.hpp"

#include <algorithm>
#include <cstdio>

namespace capsule {

namespace {

constexpr int failures_before_setting_aside = 3;

} // namespace

ProgrammeSource::ProgrammeSource(ProgrammeSourceSettings settings, const TimeKeeper& time, Disk& disk)
    : m_settings(std::move(settings)), m_time(time), m_disk(disk), m_items(m_settings.items, time),
      m_places(disk, m_settings.items.blobs) {}

void ProgrammeSource::set_release(ReleasePointer release, std::optional<ScreenId> screen) {
    if (release && screen)
        m_places.set(*release, site_of(release->fleet, find_screen(release->fleet, *screen)));
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
    const auto unplayable = unplayable_while_locked(evaluation.messages);
    PlayItem item;
    if (const auto full = full_screen(*m_release, *m_screen, evaluation.messages, instant, unplayable)) {
        item = full->item ? item_while_locked(*full->item) : m_items.notice(here_while_locked(), *full->message);
    } else if (!evaluation.picture_on) {
        item = m_items.closed(here_while_locked());
    } else if (const auto urgent = m_urgent.next(*m_release, *m_screen, evaluation.messages, instant, unplayable)) {
        item = item_while_locked(*urgent);
    } else {
        const std::optional<NextItem> chosen = m_order->next(evaluation, instant, unplayable);
        if (!chosen)
            return std::nullopt;
        item = item_while_locked(*chosen);
        if (m_first && item.shown == ShownItem::capsule) {
            m_first = false; // whoever switched the screen on, or has waited through a cut, meets the card soon
            m_order->hasten_qr_card();
        }
    }
    give(item);
    return item;
}

PlayItem ProgrammeSource::item_while_locked(const NextItem& next) {
    switch (next.kind) {
    case ItemKind::capsule:
        if (m_release->programme.capsules.at(next.capsule).kind == CapsuleKind::card)
            return m_items.card(here_while_locked(), next, m_places.within_reach());
        return m_items.capsule(here_while_locked(), next, [this] { return volume(); });
    case ItemKind::qr_card:
        return m_items.qr_card(here_while_locked(), next);
    case ItemKind::calm:
        break;
    }
    return m_items.calm(here_while_locked(), next);
}

std::vector<CapsuleId> ProgrammeSource::unplayable_while_locked(const std::vector<ActiveMessage>& messages) const {
    std::vector<CapsuleId> unplayable;
    for (const auto& [capsule, failures] : m_failures)
        if (failures.count >= failures_before_setting_aside)
            unplayable.push_back(capsule);
    const auto& capsules = m_release->programme.capsules;
    const ItemPlace here = here_while_locked();
    for (const ActiveMessage& message : messages) { // messages wait for no download
        const auto capsule = message.capsule ? capsules.find(*message.capsule) : capsules.end();
        const auto version = capsule == capsules.end() ? std::nullopt : version_for(capsule->second, here.screen, m_release->now);
        if (version && !m_disk.exists(m_items.blob(capsule->second.versions[*version].media.sha256)))
            unplayable.push_back(capsule->first);
    }
    static const CapsuleId nearby = *CapsuleId::parse(nearby_card);
    if (capsules.contains(nearby) && !m_items.has_places(here, m_places.within_reach()))
        unplayable.push_back(nearby);
    return unplayable;
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
        m_kept_full = {};
        m_kept_capsules.clear();
        m_volume = 0;
        return {};
    }
    Evaluation now = evaluate_while_locked(instant);
    m_volume = m_settings.sound ? now.volume : 0;
    std::vector<ActiveMessage> banners;
    std::pair<std::optional<ActiveMessage>, bool> full;
    std::vector<MessageId> capsules;
    if (!now.messages.empty()) {
        const auto unplayable = unplayable_while_locked(now.messages);
        if (const auto fills = full_screen(*m_release, *m_screen, now.messages, instant, unplayable))
            full = {*fills->message, fills->item.has_value()};
        for (const ActiveMessage& message : now.messages) {
            if (message.style != MessageStyle::banner)
                continue;
            if (!message.text.empty())
                banners.push_back(message);
            if (urgent_item(*m_release, *m_screen, message, instant, unplayable))
                capsules.push_back(message.id);
        }
    }
    const bool other_capsules = std::any_of(capsules.begin(), capsules.end(), [&](const MessageId& id) {
        return std::find(m_kept_capsules.begin(), m_kept_capsules.end(), id) == m_kept_capsules.end();
    });
    const bool other_content = m_kept_up && (m_kept_up->playlist != now.playlist || m_kept_up->campaigns != now.campaigns);
    if (full != m_kept_full || (other_content && (m_kept_up->at_once || now.at_once)))
        ask_for(Interruption::on_screen); // at the start, too: a message may have come after what is on screen was asked for
    else if (other_content || other_capsules || (m_kept_up && m_kept_up->picture_on != now.picture_on))
        ask_for(Interruption::change);
    m_kept_full = std::move(full);
    m_kept_capsules = std::move(capsules);
    m_kept_up = std::move(now);
    return banners;
}

} // namespace capsule
