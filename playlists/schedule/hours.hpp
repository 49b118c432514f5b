// Opening hours in the part of OpenStreetMap's `opening_hours` that French data use
// (https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification). Pure. Reentrant.
//
// Read: weekday lists and ranges (Sa-Mo wraps), PH, several time ranges, ranges past midnight (22:00-02:00), `;` (a later rule
// replaces those days), `,` before a weekday (adds to them), off, closed, open, 24/7; weekdays of a month: Mo[1], Fr[-1], Tu[1,3].
// With a calendar also SH, the school holidays. Spaces and case do not matter. Everything else is an error, never a guess.
// A day's hours are what the rules that match it say, in order. The part of a range past midnight belongs to the next day: a later
// rule for that day replaces it, and `off` ends it. Weekdays count on public holidays too, unless a rule speaks of PH.
#pragma once

#include "content/base/result.hpp"
#include "playlists/schedule/zone.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace capsule {

// Half-open minutes since local midnight; a rule's end may go up to 48:00, a day's only to 24:00.
struct MinuteRange {
    int from = 0, until = 0;
    bool operator==(const MinuteRange&) const = default;
};

struct OpeningRule {
    std::uint8_t weekdays = 0;     // bit 0: Monday … bit 6: Sunday
    // Of each weekday which of the month: bits 0 … 4 the first … fifth, bits 5 … 9 the last … fifth from the end; 0: every one.
    std::array<std::uint16_t, 7> of_month{};
    bool holidays = false;         // PH, as one more day of the list
    bool school_holidays = false;  // SH, likewise
    bool holidays_only = false;    // "PH Mo-Fr", "SH Mo-Fr": holidays that fall on these weekdays
    bool adds = false;             // after `,`
    bool open = true;              // false: off, closed
    std::vector<MinuteRange> times; // empty: the whole day
    bool operator==(const OpeningRule&) const = default;
};

struct OpeningHours {
    std::vector<OpeningRule> rules;
    bool operator==(const OpeningHours&) const = default;
};

// Days that no rule computes: the school holidays, as half-open spans of local days, ascending and disjoint.
struct Calendar {
    struct Span {
        LocalDay from{}, until{};
        bool operator==(const Span&) const = default;
    };
    std::vector<Span> school_holidays;
    bool is_school_holiday(LocalDay day) const;
};

enum class SchoolHolidays { unknown, known };

// A local day as rules see it.
struct RuleDay {
    unsigned weekday = 0;       // 0: Monday
    std::uint16_t of_month = 0; // as in OpeningRule
    bool holiday = false, school_holiday = false;
};
RuleDay rule_day(LocalDay day, const Calendar& calendar);

// Invalid: names the character (from 1) and what was expected there. SH is read only where a calendar says when it is.
Result<OpeningHours> parse_hours(std::string_view text, SchoolHolidays school = SchoolHolidays::unknown);

// Open ranges of one local day, ascending, disjoint, not touching, within 0 … 1440.
std::vector<MinuteRange> day_ranges(const OpeningHours& hours, LocalDay day, const Calendar& calendar = {});
// The same, into `ranges`, where many expressions are asked for one day.
void day_ranges_into(std::vector<MinuteRange>& ranges, const OpeningHours& hours, const RuleDay& today, const RuleDay& yesterday);
bool is_open(const OpeningHours& hours, LocalTime local);

// Half-open, as local clocks show it.
struct LocalSpan {
    LocalTime from{}, until{};
    bool operator==(const LocalSpan&) const = default;
};
// The open spans of the local days from `first` on, joined over midnight, cut at both ends of the window.
std::vector<LocalSpan> open_spans(const OpeningHours& hours, LocalDay first, int days);

struct OpenState {
    bool open = false;
    std::optional<Instant> next_change; // empty: never
    bool operator==(const OpenState&) const = default;
};

// Each local range is taken from the instant of its start to the instant of its end, so that nothing opens twice in the night when
// the clocks go back. Looks two years ahead; if nothing changes by then, nothing ever does, unless the calendar reaches further: then
// next_change is that far horizon (asking again is due).
OpenState open_state(const OpeningHours& hours, const Zone& zone, Instant instant, const Calendar& calendar = {});

} // namespace capsule
