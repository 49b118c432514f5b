// The schedules of one screen, read once: which playlist plays at any instant, and when that next changes. Pure but for a memory of
// answers: the same question gets the same answer. One thread at a time.
//
// Rank: priority (higher first), then what is more specific (screen, site, commune, EPT or tag or type, everywhere), then the id. Of
// those that apply, the first with the whole share wins; campaigns (share_percent below 100) that rank above it take their part
// beside it, in rank order, while all of them together leave a tenth.
#pragma once

#include "playlists/schedule/evaluate.hpp"
#include "playlists/schedule/occasion.hpp"
#include "playlists/schedule/week_index.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace capsule {

// The school holidays of a programme, as opening hours ask for them.
Calendar calendar_of(const Programme& programme);

class Timetable {
public:
    // Borrows all of them for its life.
    Timetable(const Programme& programme, const Fleet& fleet, const NowDocument& now, const ScreenId& screen);
    Timetable(const Timetable&) = delete;
    Timetable& operator=(const Timetable&) = delete;

    Evaluation at(Instant instant, ClockKnown clock_known = ClockKnown::yes) const;

    // What is scheduled here and how it stands at an instant, in rank order: for saying why this and not that.
    enum class Standing { plays, shares, no_room, outranked, not_now };
    struct Candidate {
        const Schedule* schedule = nullptr;
        int specificity = 0; // 4: screen, 3: site, 2: commune, 1: EPT, tag or type, 0: everywhere
        Standing standing = Standing::not_now;
        OpenState state;
    };
    std::vector<Candidate> standings(Instant instant) const;

    // What applies and does not play, beside what plays, from its first time in the span on; each pair once.
    struct Overlap {
        Instant from{};
        Candidate plays;     // without a schedule: campaigns alone
        Candidate does_not;  // outranked, or without room
    };
    std::vector<Overlap> overlaps(Instant from, Instant until) const;

    const Site& site() const { return m_site; }
    const Zone& zone() const { return m_zone; }

private:
    struct Ranked {
        const Schedule* schedule;
        int specificity;
        std::size_t occasion; // index into m_occasions
        Instant from, until;  // it does not apply before and after
    };

    std::size_t occasion_of(const Schedule& schedule);
    const Schedule* default_loop() const;
    static int hour_of_week(unsigned weekday, Milliseconds of_day);
    void make_index() const;
    void add_schedules(Evaluation& evaluation, Instant instant) const;
    void add_by_rank(Evaluation& evaluation, Instant instant) const;
    bool add_by_week(Evaluation& evaluation, Instant instant) const;
    std::optional<Instant> next_turn(const Evaluation& evaluation, std::size_t winner, Instant instant, const NearDays& days) const;
    void add_site_hours(Evaluation& evaluation, Instant instant) const;
    const NearDays* near(LocalDay day) const;
    void add_quiet_hours(Evaluation& evaluation, Instant instant, ClockKnown clock_known) const;
    void add_messages(Evaluation& evaluation, Instant instant) const;
    void add_validity(Evaluation& evaluation, const PlaylistId& playlist, Instant instant) const;

    struct Addressed { // a message for this screen
        const Message* message;
        std::string text, language; // of the screen
    };

    const Programme& m_programme;
    const Screen* m_screen; // null: not in the fleet
    const Site& m_site;
    Zone m_zone;
    Calendar m_calendar;
    std::vector<Occasion> m_occasions; // each when with its span once; the first is the site's own hours
    std::map<std::string, std::size_t> m_known_occasions;
    std::vector<Ranked> m_ranked;
    const Schedule* m_default = nullptr; // null: none
    std::vector<Addressed> m_messages;
    std::optional<std::size_t> m_quiet; // index into m_occasions
    mutable std::optional<WeekIndex> m_week; // made when a second instant is asked for
    mutable bool m_asked = false;
    mutable std::map<LocalDay, std::optional<NearDays>> m_days; // lately asked
    mutable std::map<PlaylistId, std::vector<Instant>> m_validity; // local midnights at which a capsule begins or ceases to be valid
};

} // namespace capsule
