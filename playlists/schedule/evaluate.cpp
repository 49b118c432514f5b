#include "playlists/schedule/evaluate.hpp"
#include "playlists/model/where.hpp"
#include "playlists/schedule/hours.hpp"
#include "playlists/schedule/zone.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

namespace capsule {

namespace {

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

struct Candidate {
    const Schedule* schedule;
    int specificity;
};

// When a schedule applies. Each expression is read once, however many schedules bear it.
class Occasions {
public:
    Occasions(const Site& site, const Zone& zone, Instant instant) : m_site(site), m_zone(zone), m_instant(instant) {}

    OpenState state(const std::string& when) {
        if (when == "always")
            return {true, std::nullopt};
        const auto [known, is_new] = m_states.try_emplace(when);
        if (is_new)
            known->second = read(when == "open" ? m_site.hours : when);
        return known->second;
    }

private:
    // What is empty or cannot be read means always: the declared default.
    OpenState read(const std::string& text) const {
        const auto hours = parse_hours(text);
        return hours.ok() ? open_state(*hours, m_zone, m_instant) : OpenState{true, std::nullopt};
    }

    const Site& m_site;
    const Zone& m_zone;
    Instant m_instant;
    std::map<std::string_view, OpenState> m_states; // by the schedules' own texts, which outlive this
};

// The schedules of a playlist that exists, for this screen.
std::vector<Candidate> candidates(const Programme& programme, const Site& site, const Screen& screen) {
    std::vector<Candidate> found;
    for (const Schedule& schedule : programme.schedules)
        if (programme.playlists.contains(schedule.playlist) && matches(schedule.where, site, screen))
            found.push_back({&schedule, specificity(schedule.where, site, screen)});
    return found;
}

// The schedule to follow when the hour is not known: the most general of the lowest priority, not one for certain hours only.
const Schedule* default_loop(const std::vector<Candidate>& all) {
    const auto rank = [](const Candidate& candidate) {
        const std::string& when = candidate.schedule->when;
        return std::tuple{when != "always" && when != "open", candidate.schedule->priority, candidate.specificity,
                          candidate.schedule->id};
    };
    const auto lowest = std::min_element(all.begin(), all.end(),
                                         [&](const Candidate& left, const Candidate& right) { return rank(left) < rank(right); });
    return lowest == all.end() ? nullptr : lowest->schedule;
}

std::string text_for(const Message& message, const Screen& screen) {
    for (const std::string& language : screen.languages)
        if (const auto found = message.text.find(language); found != message.text.end())
            return found->second;
    if (const auto french = message.text.find("fr"); french != message.text.end())
        return french->second;
    return message.text.empty() ? std::string{} : message.text.begin()->second;
}

void add_messages(Evaluation& evaluation, const NowDocument& now, const Site& site, const Screen& screen, Instant instant) {
    for (const Message& message : now.messages) {
        if (instant >= message.until || !matches(message.where, site, screen))
            continue;
        if (instant < message.from) {
            sooner(evaluation.next_change, message.from);
            continue;
        }
        evaluation.messages.push_back({message.id, text_for(message, screen), message.style});
        sooner(evaluation.next_change, message.until);
    }
}

// The next local midnight at which a capsule of the playlist begins or ceases to be valid.
void add_validity(Evaluation& evaluation, const Programme& programme, const Playlist& playlist, const Zone& zone, Instant instant) {
    const std::string today = to_text(zone.day(instant));
    std::string first;
    for (const PlaylistItem& item : playlist.items) {
        const auto capsule = programme.capsules.find(item.capsule);
        if (capsule == programme.capsules.end())
            continue;
        for (const std::string* date : {&capsule->second.valid_from, &capsule->second.valid_until})
            if (*date > today && (first.empty() || *date < first))
                first = *date;
    }
    if (const auto day = parse_day(first))
        sooner(evaluation.next_change, zone.instant(*day));
}

// Nothing is heard in the screen's quiet hours, nor in hours that cannot be read, nor when it is not known what time it is.
void apply_quiet_hours(Evaluation& evaluation, const Screen& screen, const Zone& zone, Instant instant, ClockKnown clock_known) {
    if (screen.quiet.empty() || evaluation.volume == 0)
        return;
    if (clock_known == ClockKnown::no) {
        evaluation.volume = 0;
        return;
    }
    const auto hours = parse_hours(screen.quiet);
    const OpenState quiet = hours.ok() ? open_state(*hours, zone, instant) : OpenState{true, std::nullopt};
    if (quiet.open)
        evaluation.volume = 0;
    sooner(evaluation.next_change, quiet.next_change);
}

} // namespace

Result<void> check_when(std::string_view when) {
    if (when == "always" || when == "open")
        return {};
    if (const auto hours = parse_hours(when); !hours.ok())
        return hours.error();
    return {};
}

Evaluation evaluate(const Programme& programme, const Fleet& fleet, const NowDocument& now, const ScreenId& screen_id, Instant instant,
                    ClockKnown clock_known) {
    Evaluation evaluation;
    const auto screen_entry = fleet.screens.find(screen_id);
    if (screen_entry == fleet.screens.end())
        return evaluation;
    const Screen& screen = screen_entry->second;
    static const Site nowhere{};
    const auto site_entry = fleet.sites.find(screen.site);
    const Site& site = site_entry == fleet.sites.end() ? nowhere : site_entry->second;
    evaluation.volume = screen.volume;

    const Zone zone{site.zone};
    auto all = candidates(programme, site, screen);
    const Schedule* winner = nullptr;
    if (clock_known == ClockKnown::no) {
        winner = default_loop(all);
    } else {
        std::sort(all.begin(), all.end(), [](const Candidate& left, const Candidate& right) {
            if (left.schedule->priority != right.schedule->priority)
                return left.schedule->priority > right.schedule->priority;
            if (left.specificity != right.specificity)
                return left.specificity > right.specificity;
            return left.schedule->id < right.schedule->id;
        });
        Occasions occasions{site, zone, instant};
        for (const Candidate& candidate : all) {
            const OpenState state = occasions.state(candidate.schedule->when);
            sooner(evaluation.next_change, state.next_change);
            if (state.open) {
                winner = candidate.schedule; // those that rank below cannot change the answer while it applies
                break;
            }
        }
        evaluation.picture_on = winner != nullptr || all.empty();
        add_messages(evaluation, now, site, screen, instant);
        if (winner)
            add_validity(evaluation, programme, programme.playlists.at(winner->playlist), zone, instant);
    }
    if (winner) {
        evaluation.playlist = winner->playlist;
        evaluation.schedule = winner->id;
    }
    if (!evaluation.picture_on)
        evaluation.volume = 0;
    apply_quiet_hours(evaluation, screen, zone, instant, clock_known);
    return evaluation;
}

} // namespace capsule
