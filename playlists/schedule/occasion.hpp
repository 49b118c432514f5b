// When something applies: opening hours, between two moments, with a margin; and when that next changes. Pure but for a memory of
// the last answer, which makes asking again cheap: one thread at a time.
#pragma once

#include "playlists/schedule/hours.hpp"

#include <optional>

namespace capsule {

class Occasion {
public:
    struct Rule {
        std::optional<OpeningHours> hours;   // empty: always
        Milliseconds margin{0};              // each open span begins so much earlier and ends so much later
        std::optional<Instant> from, until;  // half-open
    };

    // `zone` and `calendar` outlive this.
    Occasion(Rule rule, const Zone& zone, const Calendar& calendar);

    // Exact: nothing changes before next_change and something does at it. Looks two years ahead; if nothing changes by then,
    // next_change is that far horizon (asking again is due).
    const OpenState& at(Instant instant) const;

private:
    OpenState by_hours(Instant instant) const;
    OpenState widened(Instant instant) const;
    OpenState whole(Instant instant) const;

    Rule m_rule;
    const Zone& m_zone;
    const Calendar& m_calendar;
    mutable std::optional<Instant> m_asked; // the memory holds from here until its next_change
    mutable OpenState m_memory;
};

} // namespace capsule
