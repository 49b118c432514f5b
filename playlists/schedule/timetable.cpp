#include "playlists/schedule/timetable.hpp"
#include "playlists/model/where.hpp"
#include "playlists/schedule/judge.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace capsule {

namespace {

constexpr int most_shared_percent = 90; // of all campaigns together

void sooner(std::optional<Instant>& soonest, const std::optional<Instant>& other) {
    if (other && (!soonest || *other < *soonest))
        soonest = other;
}

// screen > site > commune > EPT, tag, type > everywhere. Of `any`, what holds here counts; a negation names no place.
int specificity(const Where& where, const Site& site, const Screen& screen) {
    int most = 0;
    switch (where.kind) {
    case Where::Kind::all:
    case Where::Kind::any:
        for (const Where& operand : where.operands)
            if (matches(operand, site, screen))
                most = std::max(most, specificity(operand, site, screen));
        return most;
    case Where::Kind::negation:
        return 0;
    case Where::Kind::fact:
        if (where.fact == "screen")
            return 4;
        if (where.fact == "site")
            return 3;
        return where.fact == "commune" ? 2 : 1;
    }
    return 0;
}

// Because the campaigns above it leave none.
bool finds_no_room(const Schedule& schedule, int shared) {
    return schedule.share_percent < 100 && shared > 0 && shared + schedule.share_percent > most_shared_percent;
}

// A schedule that applies, those above it having taken `shared` percent.
void take(Evaluation& evaluation, const Schedule& schedule, int& shared) {
    evaluation.at_once = evaluation.at_once || schedule.at_once;
    if (schedule.share_percent >= 100) {
        evaluation.playlist = schedule.playlist;
        evaluation.schedule = schedule.id;
        return;
    }
    evaluation.campaigns.push_back({schedule.id, schedule.playlist, std::min(schedule.share_percent, most_shared_percent)});
    shared += evaluation.campaigns.back().percent;
}

std::optional<Instant> moment(const std::string& text, const Zone& zone) {
    const auto parts = parse_local_moment(text);
    const auto day = parts ? parse_day(parts->date) : std::nullopt;
    if (!day)
        return std::nullopt;
    return zone.instant(*day + std::chrono::seconds{parts->seconds});
}

// Language and text: the first of the screen's languages that there is, else French, else any.
std::pair<std::string, std::string> text_for(const std::map<std::string, std::string>& texts, const Screen& screen) {
    for (const std::string& language : screen.languages)
        if (const auto found = texts.find(language); found != texts.end())
            return *found;
    if (const auto french = texts.find("fr"); french != texts.end())
        return *french;
    if (texts.empty())
        return {"fr", ""};
    return *texts.begin();
}

std::pair<std::string, std::string> text_for(const Message& message, const Programme& programme, const Screen& screen) {
    const auto capsule = message.capsule ? programme.capsules.find(*message.capsule) : programme.capsules.end();
    return text_for(message.text.empty() && capsule != programme.capsules.end() ? capsule->second.title : message.text, screen);
}

} // namespace

Calendar calendar_of(const Programme& programme) {
    Calendar calendar;
    for (const SchoolHoliday& holiday : programme.school_holidays)
        if (const auto from = parse_day(holiday.from), until = parse_day(holiday.until); from && until)
            calendar.school_holidays.push_back({*from, *until});
    return calendar;
}

Timetable::Timetable(const Programme& programme, const Fleet& fleet, const NowDocument& now, const ScreenId& screen)
    : m_programme(programme), m_screen(find_screen(fleet, screen)), m_site(site_of(fleet, m_screen)), m_zone(m_site.zone),
      m_calendar(calendar_of(programme)) {
    Schedule opening;
    opening.when = "open";
    occasion_of(opening);
    if (!m_screen)
        return;
    if (!m_screen->quiet.empty()) {
        Schedule quiet;
        quiet.when = m_screen->quiet;
        m_quiet = occasion_of(quiet);
    }
    for (const Schedule& schedule : programme.schedules)
        if (programme.playlists.contains(schedule.playlist) && matches(schedule.where, m_site, *m_screen))
            m_ranked.push_back({&schedule, specificity(schedule.where, m_site, *m_screen), occasion_of(schedule), {}, {}});
    for (Ranked& ranked : m_ranked) {
        ranked.from = m_occasions[ranked.occasion].from().value_or(Instant::min());
        ranked.until = m_occasions[ranked.occasion].until().value_or(Instant::max());
    }
    std::sort(m_ranked.begin(), m_ranked.end(), [](const Ranked& left, const Ranked& right) {
        if (left.schedule->priority != right.schedule->priority)
            return left.schedule->priority > right.schedule->priority;
        if (left.specificity != right.specificity)
            return left.specificity > right.specificity;
        return left.schedule->id < right.schedule->id;
    });
    m_default = default_loop();
    for (const Message& message : now.messages)
        if (matches(message.where, m_site, *m_screen)) {
            auto [language, text] = text_for(message, programme, *m_screen);
            m_messages.push_back({&message, std::move(text), std::move(language)});
        }
}

// What is empty or cannot be read means always: the declared default.
std::size_t Timetable::occasion_of(const Schedule& schedule) {
    const bool open = schedule.when == "open";
    const int margin = open ? schedule.margin_minutes : 0;
    const std::string key = schedule.from + '|' + schedule.until + '|' + std::to_string(margin) + '|' + schedule.when;
    const auto [known, is_new] = m_known_occasions.try_emplace(key, m_occasions.size());
    if (is_new) {
        Occasion::Rule rule;
        if (schedule.when != "always") {
            auto hours = parse_hours(open ? m_site.hours : schedule.when,
                                     m_calendar.school_holidays.empty() ? SchoolHolidays::unknown : SchoolHolidays::known);
            if (hours.ok())
                rule.hours = std::move(*hours);
        }
        rule.margin = std::chrono::minutes{margin};
        rule.from = moment(schedule.from, m_zone);
        rule.until = moment(schedule.until, m_zone);
        m_occasions.emplace_back(std::move(rule), m_zone, m_calendar);
    }
    return known->second;
}

// The schedule to follow when the hour is not known: the most general of the lowest priority, not one for certain hours or dates.
const Schedule* Timetable::default_loop() const {
    const auto rank = [](const Ranked& ranked) {
        const Schedule& schedule = *ranked.schedule;
        const bool certain = (schedule.when != "always" && schedule.when != "open") || !schedule.from.empty() ||
                             !schedule.until.empty() || schedule.share_percent < 100;
        return std::tuple{certain, schedule.priority, ranked.specificity, schedule.id};
    };
    const auto lowest = std::min_element(m_ranked.begin(), m_ranked.end(),
                                         [&](const Ranked& left, const Ranked& right) { return rank(left) < rank(right); });
    return lowest == m_ranked.end() ? nullptr : lowest->schedule;
}

int Timetable::hour_of_week(unsigned weekday, Milliseconds of_day) {
    return static_cast<int>(weekday) * 24 + static_cast<int>(std::chrono::floor<std::chrono::hours>(of_day).count());
}

void Timetable::make_index() const {
    if (m_week)
        return;
    m_week.emplace();
    for (const Ranked& ranked : m_ranked)
        m_week->add(m_occasions[ranked.occasion]);
}

void Timetable::add_schedules(Evaluation& evaluation, Instant instant) const {
    if (m_week && add_by_week(evaluation, instant))
        return;
    if (std::exchange(m_asked, true))
        make_index();
    add_by_rank(evaluation, instant);
}

// Asks every schedule down to the one that wins.
void Timetable::add_by_rank(Evaluation& evaluation, Instant instant) const {
    int shared = 0;
    for (const Ranked& ranked : m_ranked) {
        const Schedule& schedule = *ranked.schedule;
        if (finds_no_room(schedule, shared))
            continue; // until one of the campaigns above ends
        const OpenState& state = m_occasions[ranked.occasion].at(instant);
        sooner(evaluation.next_change, state.next_change);
        if (!state.open)
            continue;
        take(evaluation, schedule, shared);
        if (evaluation.schedule)
            return; // those that rank below cannot change the answer while it applies
    }
    add_site_hours(evaluation, instant);
}

// Nothing has the whole share: the site's own hours say whether the picture is on.
void Timetable::add_site_hours(Evaluation& evaluation, Instant instant) const {
    if (m_ranked.empty() || !evaluation.campaigns.empty())
        return;
    const OpenState& opening = m_occasions.front().at(instant);
    evaluation.picture_on = opening.open;
    sooner(evaluation.next_change, opening.next_change);
}

const NearDays* Timetable::near(LocalDay day) const {
    const auto [known, is_new] = m_days.try_emplace(day);
    if (is_new)
        known->second = near_days(day, m_zone, m_calendar);
    return known->second ? &*known->second : nullptr;
}

// The same answer from the few schedules that matter in the hours around. False, and nothing done: the clocks are changed near, or
// nothing changes for long.
bool Timetable::add_by_week(Evaluation& evaluation, Instant instant) const {
    constexpr std::size_t most_days = 400;
    if (m_days.size() >= most_days)
        m_days.clear();
    const NearDays* days = near(m_zone.day(instant));
    if (!days)
        return false;
    Evaluation found;
    std::size_t winner = m_ranked.size();
    int shared = 0;
    m_week->each(hour_of_week(days->rules[2].weekday, instant - days->midnight), [&](std::size_t rank) {
        const Ranked& ranked = m_ranked[rank];
        if (instant < ranked.from || instant >= ranked.until || finds_no_room(*ranked.schedule, shared) ||
            !m_occasions[ranked.occasion].applies(*days, instant - days->midnight))
            return true;
        take(found, *ranked.schedule, shared);
        if (found.schedule)
            winner = rank;
        return !found.schedule;
    });
    if (winner == m_ranked.size())
        add_site_hours(found, instant);
    const auto turn = next_turn(found, winner, instant, *days);
    if (!turn)
        return false;
    sooner(found.next_change, turn);
    evaluation.playlist = std::move(found.playlist);
    evaluation.schedule = std::move(found.schedule);
    evaluation.campaigns = std::move(found.campaigns);
    evaluation.at_once = found.at_once;
    evaluation.picture_on = found.picture_on;
    sooner(evaluation.next_change, found.next_change);
    return true;
}

// The first moment at which one of those that rank down to the winner turns; empty when it is not within a day.
std::optional<Instant> Timetable::next_turn(const Evaluation& found, std::size_t winner, Instant instant, const NearDays& today) const {
    constexpr int most_hours = 24;
    const NearDays* days = &today;
    Milliseconds from = instant - today.midnight;
    for (int ahead = 0; ahead < most_hours; ++ahead) {
        if (from >= std::chrono::days{1}) {
            days = near(days->day + std::chrono::days{1});
            if (!days)
                return std::nullopt;
            from -= std::chrono::days{1};
        }
        const Milliseconds until = std::chrono::floor<std::chrono::hours>(from) + std::chrono::hours{1};
        const Instant begins = days->midnight + from, ends = days->midnight + until;
        std::optional<Instant> soonest = found.next_change && *found.next_change < ends ? found.next_change : std::nullopt;
        int shared = 0;
        std::size_t campaign = 0;
        m_week->each(hour_of_week(days->rules[2].weekday, from), [&](std::size_t rank) {
            if (rank > winner)
                return false;
            const Ranked& ranked = m_ranked[rank];
            const bool shares = campaign < found.campaigns.size() && found.campaigns[campaign].schedule == ranked.schedule->id;
            const bool applies = shares || rank == winner;
            if (shares)
                shared += found.campaigns[campaign++].percent;
            else if (!applies && (ends <= ranked.from || begins >= ranked.until || finds_no_room(*ranked.schedule, shared)))
                return true;
            if (const auto turns = m_occasions[ranked.occasion].turns(*days, from, until, applies))
                sooner(soonest, days->midnight + *turns);
            return true;
        });
        if (soonest)
            return soonest;
        from = until;
    }
    return std::nullopt;
}

void Timetable::add_messages(Evaluation& evaluation, Instant instant) const {
    for (const auto& [addressed, text, language] : m_messages) {
        const Message& message = *addressed;
        if (instant >= message.until)
            continue;
        if (instant < message.from) {
            sooner(evaluation.next_change, message.from);
            continue;
        }
        evaluation.messages.push_back({message.id, text, message.style, language, message.capsule});
        sooner(evaluation.next_change, message.until);
    }
}

void Timetable::add_validity(Evaluation& evaluation, const PlaylistId& id, Instant instant) const {
    const auto [known, is_new] = m_validity.try_emplace(id);
    if (is_new) {
        std::set<Instant> changes;
        for (const PlaylistItem& item : m_programme.playlists.at(id).items)
            if (const auto capsule = m_programme.capsules.find(item.capsule); capsule != m_programme.capsules.end())
                for (const std::string* date : {&capsule->second.valid_from, &capsule->second.valid_until})
                    if (const auto day = parse_day(*date))
                        changes.insert(m_zone.instant(*day));
        known->second.assign(changes.begin(), changes.end());
    }
    const auto next = std::upper_bound(known->second.begin(), known->second.end(), instant);
    if (next != known->second.end())
        sooner(evaluation.next_change, *next);
}

// Nothing is heard in the screen's quiet hours, nor in hours that cannot be read, nor when it is not known what time it is.
void Timetable::add_quiet_hours(Evaluation& evaluation, Instant instant, ClockKnown clock_known) const {
    if (!m_quiet || evaluation.volume == 0)
        return;
    if (clock_known == ClockKnown::no) {
        evaluation.volume = 0;
        return;
    }
    const OpenState& quiet = m_occasions[*m_quiet].at(instant);
    if (quiet.open)
        evaluation.volume = 0;
    sooner(evaluation.next_change, quiet.next_change);
}

Evaluation Timetable::at(Instant instant, ClockKnown clock_known) const {
    Evaluation evaluation;
    if (!m_screen)
        return evaluation;
    evaluation.volume = m_screen->volume;
    if (clock_known == ClockKnown::no) {
        if (m_default) {
            evaluation.playlist = m_default->playlist;
            evaluation.schedule = m_default->id;
        }
        add_quiet_hours(evaluation, instant, clock_known);
        return evaluation;
    }
    add_schedules(evaluation, instant);
    add_messages(evaluation, instant);
    if (evaluation.playlist)
        add_validity(evaluation, *evaluation.playlist, instant);
    for (const ActiveCampaign& campaign : evaluation.campaigns)
        add_validity(evaluation, campaign.playlist, instant);
    if (!evaluation.picture_on)
        evaluation.volume = 0;
    add_quiet_hours(evaluation, instant, clock_known);
    return evaluation;
}

std::vector<Timetable::Candidate> Timetable::standings(Instant instant) const {
    const Evaluation evaluation = at(instant);
    std::vector<Candidate> candidates;
    bool decided = false;
    for (const Ranked& ranked : m_ranked) {
        Candidate candidate{ranked.schedule, ranked.specificity, Standing::not_now, m_occasions[ranked.occasion].at(instant)};
        const bool shares = std::any_of(evaluation.campaigns.begin(), evaluation.campaigns.end(),
                                        [&](const ActiveCampaign& campaign) { return campaign.schedule == ranked.schedule->id; });
        if (evaluation.schedule == ranked.schedule->id) {
            candidate.standing = Standing::plays;
            decided = true;
        } else if (shares) {
            candidate.standing = Standing::shares;
        } else if (candidate.state.open) {
            candidate.standing = decided ? Standing::outranked : Standing::no_room;
        }
        candidates.push_back(candidate);
    }
    return candidates;
}

} // namespace capsule
