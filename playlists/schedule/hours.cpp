#include "playlists/schedule/hours.hpp"
#include "playlists/schedule/holidays.hpp"

#include <algorithm>

namespace capsule {

namespace {

constexpr int day_minutes = 24 * 60;
constexpr int horizon_days = 731;

// Whether days differ otherwise than by the weekday.
bool repeats_weekly(const OpeningHours& hours) {
    return std::none_of(hours.rules.begin(), hours.rules.end(), [](const OpeningRule& rule) {
        return rule.holidays || rule.school_holidays ||
               std::any_of(rule.of_month.begin(), rule.of_month.end(), [](std::uint16_t which) { return which != 0; });
    });
}

RuleDay weekday_of(LocalDay day) {
    RuleDay found;
    found.weekday = std::chrono::weekday{day}.iso_encoding() - 1;
    return found;
}

// What does not look at the month and holidays is spared them.
RuleDay day_for(LocalDay day, bool weekly, const Calendar& calendar) {
    return weekly ? weekday_of(day) : rule_day(day, calendar);
}

bool applies(const OpeningRule& rule, const RuleDay& day) {
    const std::uint16_t of_month = rule.of_month[day.weekday];
    const bool on_weekday = (rule.weekdays & 1U << day.weekday) != 0 && (of_month == 0 || (of_month & day.of_month) != 0);
    const bool on_holiday = (rule.holidays && day.holiday) || (rule.school_holidays && day.school_holiday);
    return rule.holidays_only ? on_holiday && on_weekday : on_holiday || on_weekday;
}

void add(std::vector<MinuteRange>& ranges, MinuteRange range) {
    if (range.from >= range.until)
        return;
    const auto touching = [&](const MinuteRange& other) { return other.from <= range.until && range.from <= other.until; };
    for (const MinuteRange& other : ranges)
        if (touching(other))
            range = {std::min(range.from, other.from), std::max(range.until, other.until)};
    std::erase_if(ranges, touching);
    ranges.insert(std::upper_bound(ranges.begin(), ranges.end(), range,
                                   [](const MinuteRange& left, const MinuteRange& right) { return left.from < right.from; }),
                  range);
}

void remove(std::vector<MinuteRange>& ranges, const MinuteRange& range) {
    std::vector<MinuteRange> kept;
    for (const MinuteRange& other : ranges) {
        if (other.from < std::min(other.until, range.from))
            kept.push_back({other.from, std::min(other.until, range.from)});
        if (std::max(other.from, range.until) < other.until)
            kept.push_back({std::max(other.from, range.until), other.until});
    }
    ranges = std::move(kept);
}

void apply(std::vector<MinuteRange>& ranges, bool open, const MinuteRange& range) {
    if (open)
        add(ranges, range);
    else
        remove(ranges, range);
}

} // namespace

RuleDay rule_day(LocalDay day, const Calendar& calendar) {
    RuleDay found = weekday_of(day);
    const std::chrono::year_month_day date{day};
    const unsigned of_month = static_cast<unsigned>(date.day());
    const unsigned last = static_cast<unsigned>((date.year() / date.month() / std::chrono::last).day());
    found.of_month = static_cast<std::uint16_t>(1U << ((of_month - 1) / 7) | 1U << (5 + (last - of_month) / 7));
    found.holiday = is_public_holiday(day);
    found.school_holiday = calendar.is_school_holiday(day);
    return found;
}

void day_ranges_into(std::vector<MinuteRange>& ranges, const OpeningHours& hours, const RuleDay& today, const RuleDay& yesterday) {
    ranges.clear();
    for (const OpeningRule& rule : hours.rules) {
        const bool applies_today = applies(rule, today);
        if (applies_today && rule.open && !rule.adds)
            ranges.clear();
        if (applies_today && rule.times.empty())
            apply(ranges, rule.open, {0, day_minutes});
        for (const MinuteRange& time : rule.times) {
            if (applies_today)
                apply(ranges, rule.open, {time.from, std::min(time.until, day_minutes)});
            if (time.until > day_minutes && applies(rule, yesterday))
                apply(ranges, rule.open, {0, std::min(time.until - day_minutes, day_minutes)});
        }
    }
}

bool Calendar::is_school_holiday(LocalDay day) const {
    const auto after = std::upper_bound(school_holidays.begin(), school_holidays.end(), day,
                                        [](LocalDay wanted, const Span& span) { return wanted < span.from; });
    return after != school_holidays.begin() && day < std::prev(after)->until;
}

std::vector<MinuteRange> day_ranges(const OpeningHours& hours, LocalDay day, const Calendar& calendar) {
    const bool weekly = repeats_weekly(hours);
    std::vector<MinuteRange> ranges;
    day_ranges_into(ranges, hours, day_for(day, weekly, calendar), day_for(day - std::chrono::days{1}, weekly, calendar));
    return ranges;
}

bool is_open(const OpeningHours& hours, LocalTime local) {
    const LocalDay day = std::chrono::floor<std::chrono::days>(local);
    const auto minute = std::chrono::floor<std::chrono::minutes>(local - day).count();
    const auto ranges = day_ranges(hours, day);
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const MinuteRange& range) { return range.from <= minute && minute < range.until; });
}

std::vector<LocalSpan> open_spans(const OpeningHours& hours, LocalDay first, int days) {
    std::vector<LocalSpan> spans;
    for (LocalDay day = first; day < first + std::chrono::days{days}; day += std::chrono::days{1})
        for (const MinuteRange& range : day_ranges(hours, day)) {
            const LocalTime from = day + std::chrono::minutes{range.from}, until = day + std::chrono::minutes{range.until};
            if (!spans.empty() && spans.back().until == from)
                spans.back().until = until;
            else
                spans.push_back({from, until});
        }
    return spans;
}

OpenState open_state(const OpeningHours& hours, const Zone& zone, Instant instant, const Calendar& calendar) {
    const bool weekly = repeats_weekly(hours);
    const LocalDay first = zone.day(instant) - std::chrono::days{1};
    // When all days of a week are the same and weeks repeat, nothing ever changes.
    bool constant = weekly;
    std::vector<MinuteRange> ranges;
    std::optional<Instant> open_from, open_until; // the open span being put together
    RuleDay yesterday = day_for(first - std::chrono::days{1}, weekly, calendar);
    for (int ahead = 0; ahead < horizon_days; ++ahead) {
        const LocalDay day = first + std::chrono::days{ahead};
        const RuleDay today = day_for(day, weekly, calendar);
        day_ranges_into(ranges, hours, today, yesterday);
        yesterday = today;
        const bool all_day = ranges.size() == 1 && ranges[0] == MinuteRange{0, day_minutes};
        constant = constant && (ranges.empty() ? !open_from : all_day && (open_from || ahead == 0));
        if (constant && ahead == 8)
            return {open_from.has_value(), std::nullopt};
        for (const MinuteRange& range : ranges) {
            const Instant from = zone.instant(day + std::chrono::minutes{range.from});
            const Instant until = zone.instant(day + std::chrono::minutes{range.until});
            if (from >= until)
                continue; // swallowed by the night when the clocks go forward
            if (open_until && from <= *open_until) {
                open_until = std::max(*open_until, until);
                continue;
            }
            if (open_until && instant < *open_until)
                return {true, open_until};
            if (instant < from)
                return {false, from};
            open_from = from;
            open_until = until;
        }
        // A later day cannot lengthen a span that ended before its own midnight.
        if (open_until && instant < *open_until && (ranges.empty() || ranges.back().until < day_minutes))
            return {true, open_until};
    }
    // Holidays and weekdays of a month come back within a year: what did not change by now changes by a later calendar, or never.
    const bool open = open_until && instant < *open_until;
    const LocalDay horizon = first + std::chrono::days{horizon_days};
    if (calendar.school_holidays.empty() || calendar.school_holidays.back().until < horizon)
        return {open, std::nullopt};
    return {open, zone.instant(horizon)};
}

} // namespace capsule
