// When something applies: opening hours, between two moments, with a margin; and when that next changes. Pure but for a memory of
// the last answer, which makes asking again cheap: one thread at a time.
#pragma once

#include "playlists/schedule/near_days.hpp"

#include <functional>
#include <optional>
#include <vector>

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

    // Whether it applies at a moment of that day; as at(), without looking further.
    bool applies(const NearDays& days, Milliseconds of_day) const;
    // The first moment from `from` until before `until`, of that day, at which it does not stand as `applies` says.
    std::optional<Milliseconds> turns(const NearDays& days, Milliseconds from, Milliseconds until, bool applies) const;

    // Between them alone it may apply.
    const std::optional<Instant>& from() const { return m_rule.from; }
    const std::optional<Instant>& until() const { return m_rule.until; }
    bool always() const { return !m_rule.hours; } // between from and until
    // Hours of the week (0: Monday from midnight … 167) within which it may apply, begin or end, unless the clocks are changed.
    void hours_of_week(const std::function<void(int)>& visit) const;

private:
    const std::vector<MinuteRange>& spans(const NearDays& days) const;
    OpenState by_hours(Instant instant) const;
    OpenState widened(Instant instant) const;
    OpenState whole(Instant instant) const;

    Rule m_rule;
    const Zone& m_zone;
    const Calendar& m_calendar;
    mutable std::optional<Instant> m_asked; // the memory holds from here until its next_change
    mutable OpenState m_memory;
    mutable std::optional<LocalDay> m_spans_of;
    mutable std::vector<MinuteRange> m_day; // working room
    mutable std::vector<MinuteRange> m_spans; // of the day before it … the day after it, with the margin
};

} // namespace capsule
