#include "playlists/server/catalogue/grid_warnings.hpp"

#include "playlists/model/now.hpp"
#include "playlists/model/where.hpp"
#include "playlists/schedule/foresight_documents.hpp"
#include "playlists/schedule/judge.hpp"
#include "playlists/schedule/timetable.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace capsule::server {

namespace {

constexpr std::size_t work = 3'000'000, least_days = 14, most_days = 366, named_screens = 3;

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

// "hall, guichet, salle and 4 more".
std::string list_of(const std::vector<ScreenId>& screens) {
    std::string text;
    for (std::size_t i = 0; i < std::min(named_screens, screens.size()); ++i)
        text += (i ? ", " : "") + screens[i].text();
    return text + (screens.size() > named_screens ? " and " + std::to_string(screens.size() - named_screens) + " more" : "");
}

// Screens for which the same holds.
struct Group {
    std::vector<ScreenId> screens;
    std::vector<const Schedule*> schedules;
};

std::vector<Group> groups_of(const Programme& programme, const Fleet& fleet) {
    std::map<std::string, Group> groups;
    for (const auto& [id, screen] : fleet.screens) {
        const Site& site = site_of(fleet, screen);
        std::string key = site.hours + '|' + site.zone;
        std::vector<const Schedule*> schedules;
        for (const Schedule& schedule : programme.schedules)
            if (matches(schedule.where, site, screen)) {
                // How specific it is may differ where `where` says more than one thing.
                key += '|' + schedule.id.text() + (schedule.where.operands.size() > 1 ? '@' + id.text() : std::string{});
                schedules.push_back(&schedule);
            }
        Group& group = groups[key];
        group.screens.push_back(id);
        group.schedules = std::move(schedules);
    }
    std::vector<Group> all;
    for (auto& [key, group] : groups)
        all.push_back(std::move(group));
    return all;
}

class Finder {
public:
    Finder(const Programme& programme, const Fleet& fleet, Instant now) : m_programme(programme), m_fleet(fleet), m_now(now) {}

    GridFindings find() {
        const auto groups = groups_of(m_programme, m_fleet);
        std::size_t asked = 1;
        for (const Group& group : groups)
            asked += group.schedules.size() * 24;
        m_until = m_now + std::chrono::days{std::clamp(work / asked, least_days, most_days)};
        std::set<ScheduleId> reached;
        for (const Group& group : groups) {
            for (const Schedule* schedule : group.schedules)
                reached.insert(schedule->id);
            look_at(group);
        }
        for (const Schedule& schedule : m_programme.schedules)
            if (!reached.contains(schedule.id) && !m_fleet.screens.empty())
                warn("schedule " + quoted(schedule.id.text()) + ": its where holds for no screen: correct it, or leave it for screens to come");
        say("schedule ", m_ties, m_findings.warnings);
        say("schedule ", m_no_room, m_findings.problems);
        say("", m_gaps, m_findings.warnings);
        return std::move(m_findings);
    }

private:
    void look_at(const Group& group) {
        if (group.schedules.empty()) {
            note(m_gaps, "nothing is scheduled at all: add a schedule that reaches it", group);
            return;
        }
        const NowDocument nothing;
        const Timetable timetable{m_programme, m_fleet, nothing, group.screens.front()};
        for (const auto& overlap : timetable.overlaps(m_now, m_until)) {
            const Schedule& loser = *overlap.does_not.schedule;
            const std::string from = local_text(timetable.zone(), overlap.from);
            if (overlap.does_not.standing == Timetable::Standing::no_room)
                note(m_no_room, quoted(loser.id.text()) + ": its share of " + std::to_string(loser.share_percent) + " % cannot be met from " + from +
                                    " on, other campaigns have up to 90 % already: lower a share, or its dates or hours", group);
            else if (overlap.plays.schedule && overlap.plays.schedule->priority == loser.priority &&
                     overlap.plays.specificity == overlap.does_not.specificity)
                note(m_ties, quoted(loser.id.text()) + ": from " + from + " on it overlaps " + quoted(overlap.plays.schedule->id.text()) +
                                 ", which plays only because its name comes first: give one of them a higher priority", group);
        }
        look_for_gaps(timetable, group);
    }

    void look_for_gaps(const Timetable& timetable, const Group& group) {
        for (Instant at = m_now; at < m_until;) {
            const Evaluation evaluation = timetable.at(at);
            const Instant until = evaluation.next_change.value_or(m_until);
            if (evaluation.picture_on && !evaluation.playlist && evaluation.campaigns.empty()) {
                note(m_gaps, "nothing is scheduled from " + local_text(timetable.zone(), at) + " until " + local_text(timetable.zone(), until) +
                                 ", within opening hours: a calm card is shown; add a default schedule", group);
                return; // the first says it
            }
            at = until;
        }
    }

    using Notes = std::map<std::string, std::vector<ScreenId>>;
    static void note(Notes& notes, const std::string& text, const Group& group) {
        auto& screens = notes[text];
        screens.insert(screens.end(), group.screens.begin(), group.screens.end());
    }
    static void say(const char* what, const Notes& notes, std::vector<std::string>& lines) {
        for (const auto& [text, screens] : notes)
            lines.push_back("on " + std::to_string(screens.size()) + (screens.size() == 1 ? " screen (" : " screens (") + list_of(screens) + "): " +
                            what + text);
    }
    void warn(std::string text) { m_findings.warnings.push_back(std::move(text)); }

    const Programme& m_programme;
    const Fleet& m_fleet;
    const Instant m_now;
    Instant m_until{};
    GridFindings m_findings;
    Notes m_ties, m_no_room, m_gaps;
};

} // namespace

GridFindings grid_findings(const Programme& programme, const Fleet& fleet, Instant now) { return Finder{programme, fleet, now}.find(); }

} // namespace capsule::server
