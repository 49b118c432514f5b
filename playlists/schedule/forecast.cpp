#include "playlists/schedule/forecast.hpp"
#include "playlists/schedule/urgent.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace capsule {

namespace {

constexpr int usual_waiting_minutes = 15; // of a place that does not say
constexpr int most_a_day = 40; // of one capsule, for the sake of those who work beside the screen

Forecast::Kind kind_of(ItemKind kind) {
    switch (kind) {
    case ItemKind::capsule:
        return Forecast::Kind::capsule;
    case ItemKind::qr_card:
        return Forecast::Kind::qr_card;
    case ItemKind::calm:
        break;
    }
    return Forecast::Kind::calm;
}

class Forecaster {
public:
    Forecaster(const ReleasePointer& release, const ScreenId& screen, Instant until)
        : m_release(release), m_screen(screen), m_order(release, screen), m_until(until) {}

    Forecast run(Instant time) {
        note_overlaps(time);
        while (time < m_until) {
            if (!m_evaluation || (m_evaluation->next_change && time >= *m_evaluation->next_change))
                m_evaluation = m_order.at(time, ClockKnown::yes);
            time = step(*m_evaluation, time);
        }
        finish();
        return std::move(m_forecast);
    }

private:
    Instant step(const Evaluation& evaluation, Instant time) {
        Forecast::Entry entry;
        entry.from = time;
        entry.schedule = evaluation.schedule;
        entry.until = std::min(evaluation.next_change.value_or(m_until), m_until);
        const auto notice = full_screen(*m_release, m_screen, evaluation.messages, time, {});
        if (notice || !evaluation.picture_on) {
            if (notice && notice->item)
                entry.capsule = notice->item->capsule;
            entry.kind = notice ? Forecast::Kind::notice : Forecast::Kind::closed;
            entry.reason = notice ? "Un message urgent prend tout l’écran." : "Hors des heures d’ouverture.";
            return add(std::move(entry));
        }
        auto item = m_urgent.next(*m_release, m_screen, evaluation.messages, time, {});
        const bool urgent = item.has_value();
        if (!urgent)
            item = m_order.next(evaluation, time, {});
        if (!item) {
            entry.reason = evaluation.playlist || !evaluation.campaigns.empty() ? "Rien de la liste ne peut passer ici."
                                                                                : "Rien n’est prévu ici à cette heure.";
            return add(std::move(entry));
        }
        entry.kind = kind_of(item->kind);
        entry.capsule = item->capsule;
        entry.playlist = item->playlist;
        entry.reason = item->reason;
        entry.until = time + (item->kind == ItemKind::qr_card ? qr_card_reckoned : std::max(item->duration, Milliseconds{1}));
        if (evaluation.next_change && *evaluation.next_change < entry.until && cuts(evaluation, *evaluation.next_change)) {
            entry.until = *evaluation.next_change;
            entry.cut = true;
        }
        if (item->kind == ItemKind::capsule && !urgent) {
            if (time >= m_day_ends) {
                const Zone& zone = m_order.timetable().zone();
                end_day(m_day);
                m_day = zone.day(time);
                m_day_ends = zone.instant(LocalTime{m_day + std::chrono::days{1}});
            }
            ++m_today[item->capsule];
            if (!item->follows)
                count(evaluation, *item, time);
        }
        return add(std::move(entry));
    }

    Instant add(Forecast::Entry entry) {
        const Instant until = entry.until;
        auto& entries = m_forecast.entries;
        const bool same = !entries.empty() && entries.back().kind == entry.kind && entries.back().reason == entry.reason &&
                          entries.back().schedule == entry.schedule &&
                          (entry.kind == Forecast::Kind::closed || entry.kind == Forecast::Kind::gap || entry.kind == Forecast::Kind::notice);
        if (same)
            entries.back().until = until;
        else
            entries.push_back(std::move(entry));
        return until;
    }

    bool cuts(const Evaluation& before, Instant change) const {
        const Evaluation after = m_order.at(change, ClockKnown::yes);
        return (before.at_once || after.at_once) && (before.playlist != after.playlist || before.campaigns != after.campaigns);
    }

    // Once for each run of showings with one set of weights, the dues are added: they are many.
    void count(const Evaluation& evaluation, const NextItem& item, Instant time) {
        Rotation& rotation = m_order.rotation(evaluation);
        if (m_counting != rotation.digest() || m_counted_day != m_day) {
            add_dues();
            m_counting = rotation.digest();
            m_counted_day = m_day;
            m_due = rotation.due(time, {});
            m_counts[m_counting].playlist = rotation.playlist().id.empty() ? item.playlist : rotation.playlist().id;
            m_got = &m_counts[m_counting].got;
            note_length(m_counts[m_counting].playlist, rotation.playlist().calm_percent);
        }
        ++m_run;
        ++(*m_got)[item.capsule];
    }

    void add_dues() {
        double whole = 0;
        for (const auto& due : m_due)
            whole += static_cast<double>(due.weight);
        for (const auto& due : m_due)
            m_counts[m_counting].due[due.capsule] += static_cast<double>(m_run) * static_cast<double>(due.weight) / whole;
        m_run = 0;
        m_due.clear();
    }

    // Whoever waits longer than a loop lasts sees it all again.
    void note_length(const PlaylistId& playlist, int calm_percent) {
        Milliseconds loop{0};
        for (const auto& due : m_due)
            loop += due.duration;
        loop = loop * 100 / (100 - calm_percent);
        const int declared = m_order.timetable().site().waiting_minutes;
        const std::chrono::minutes waiting{declared > 0 ? declared : usual_waiting_minutes};
        if (loop >= waiting)
            return;
        const auto seconds = std::chrono::round<std::chrono::seconds>(loop).count();
        const std::string length = seconds < 120 ? std::to_string(seconds) + " secondes" : std::to_string((seconds + 30) / 60) + " minutes";
        warn("La liste «\u00a0" + playlist.text() + "\u00a0» est finie en " + length + "\u00a0: ceux qui attendent " + std::to_string(waiting.count()) +
             " minutes" + (declared > 0 ? "" : " (durée supposée)") + " la voient plusieurs fois.");
    }

    // Of each capsule the day on which it passes most.
    void end_day(LocalDay day) {
        for (const auto& [capsule, times] : m_today)
            if (auto& [most, on] = m_most[capsule];
                times > most && m_release->programme.capsules.at(capsule).kind != CapsuleKind::card) {
                most = times;
                on = day;
            }
        m_today.clear();
    }

    void note_overlaps(Instant from) {
        for (const auto& overlap : m_order.timetable().overlaps(from, m_until)) {
            if (overlap.does_not.standing == Timetable::Standing::no_room)
                warn("La campagne « " + overlap.does_not.schedule->id.text() +
                     " » ne trouve pas de place : d’autres campagnes prennent déjà leur part.");
            else
                m_forecast.overlaps.push_back({overlap.from, overlap.plays.schedule ? overlap.plays.schedule->id : ScheduleId{},
                                               overlap.does_not.schedule->id, precedence(overlap.plays, overlap.does_not)});
        }
    }

    void warn(const std::string& text) {
        if (m_warned.insert(text).second)
            m_forecast.warnings.push_back(text);
    }

    void finish() {
        add_dues();
        end_day(m_day);
        for (const auto& [digest, count] : m_counts)
            for (const auto& [capsule, due] : count.due) {
                const auto got = count.got.find(capsule);
                m_forecast.shares.push_back({count.playlist, capsule, got == count.got.end() ? 0 : got->second, due});
            }
        for (const auto& [capsule, worst] : m_most)
            if (worst.first > most_a_day)
                warn("La capsule « " + capsule.text() + " » passe " + std::to_string(worst.first) + " fois le " + to_text(worst.second) +
                     " : au-delà de " + std::to_string(most_a_day) + ", elle lasse ceux qui travaillent là.");
        for (const auto& entry : m_forecast.entries)
            if (entry.kind == Forecast::Kind::gap)
                warn("Il y a des moments sans rien à montrer : ajoutez une programmation par défaut.");
    }

    struct Count {
        PlaylistId playlist;
        std::unordered_map<CapsuleId, std::int64_t> got;
        std::map<CapsuleId, double> due;
    };
    const ReleasePointer m_release;
    const ScreenId m_screen;
    RunningOrder m_order;
    UrgentCapsules m_urgent;
    const Instant m_until;
    Forecast m_forecast;
    std::optional<Evaluation> m_evaluation; // until its next change
    std::map<std::string, Count> m_counts; // by digest
    std::string m_counting; // digest of what is counted
    LocalDay m_counted_day{};
    std::vector<Rotation::Due> m_due;
    std::int64_t m_run = 0; // showings for which these are due and not yet added
    std::unordered_map<CapsuleId, std::int64_t>* m_got = nullptr; // in m_counts
    LocalDay m_day{};
    Instant m_day_ends = Instant::min();
    std::unordered_map<CapsuleId, int> m_today;
    std::map<CapsuleId, std::pair<int, LocalDay>> m_most;
    std::set<std::string> m_warned;
};

} // namespace

std::string precedence(const Timetable::Candidate& plays, const Timetable::Candidate& does_not) {
    if (does_not.standing == Timetable::Standing::no_room || !plays.schedule)
        return "D’autres campagnes prennent déjà toute la part des campagnes.";
    if (plays.schedule->priority != does_not.schedule->priority)
        return "La priorité de « " + plays.schedule->id.text() + " » est plus haute : " + std::to_string(plays.schedule->priority) +
               " contre " + std::to_string(does_not.schedule->priority) + ".";
    if (plays.specificity != does_not.specificity)
        return "À priorité égale, « " + plays.schedule->id.text() + " » vise ce lieu plus précisément.";
    return "À priorité et précision égales, le nom « " + plays.schedule->id.text() + " » vient d’abord.";
}

Forecast forecast(const ReleasePointer& release, const ScreenId& screen, Instant from, Instant until) {
    return Forecaster{release, screen, until}.run(from);
}

} // namespace capsule
