// The schedules of one screen, read once: which playlist plays at any instant, and when that next changes. Pure but for a memory of
// answers: the same question gets the same answer. One thread at a time.
//
// Rank: priority (higher first), then what is more specific (screen, site, commune, EPT or tag or type, everywhere), then the id. Of
// those that apply, the first with the whole share wins; campaigns (share_percent below 100) that rank above it take their part
// beside it, in rank order, while all of them together leave a tenth.
#pragma once

#include "playlists/schedule/evaluate.hpp"
#include "playlists/schedule/occasion.hpp"

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

    const Site& site() const { return m_site; }
    const Zone& zone() const { return m_zone; }

private:
    struct Ranked {
        const Schedule* schedule;
        int specificity;
        std::size_t occasion; // index into m_occasions
    };

    std::size_t occasion_of(const Schedule& schedule);
    const Schedule* default_loop() const;
    void add_schedules(Evaluation& evaluation, Instant instant) const;
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
    mutable std::map<PlaylistId, std::vector<Instant>> m_validity; // local midnights at which a capsule begins or ceases to be valid
};

} // namespace capsule
