#include "playlists/schedule/occasion.hpp"

#include <algorithm>
#include <utility>

namespace capsule {

namespace {

constexpr int day_minutes = 24 * 60, week_hours = 7 * 24;

} // namespace

Occasion::Occasion(Rule rule, const Zone& zone, const Calendar& calendar)
    : m_rule(std::move(rule)), m_zone(zone), m_calendar(calendar) {}

const OpenState& Occasion::at(Instant instant) const {
    if (!m_asked || instant < *m_asked || (m_memory.next_change && instant >= *m_memory.next_change)) {
        m_memory = whole(instant);
        m_asked = instant;
    }
    return m_memory;
}

OpenState Occasion::by_hours(Instant instant) const {
    return m_rule.hours ? open_state(*m_rule.hours, m_zone, instant, m_calendar) : OpenState{true, std::nullopt};
}

// Starts at the span that may still reach the instant by its margin.
OpenState Occasion::widened(Instant instant) const {
    const Milliseconds margin = m_rule.margin;
    if (margin.count() == 0)
        return by_hours(instant);
    OpenState state = by_hours(instant - margin);
    if (!state.open) {
        if (!state.next_change)
            return {false, std::nullopt};
        if (*state.next_change - margin > instant)
            return {false, *state.next_change - margin};
        state = by_hours(*state.next_change);
        if (!state.open)
            return {false, state.next_change}; // the horizon
    }
    // Open until the end of the span, and further where the next one touches.
    const Instant horizon = instant + std::chrono::days{731};
    while (state.open && state.next_change && *state.next_change < horizon) {
        const OpenState after = by_hours(*state.next_change);
        if (after.open || !after.next_change || *after.next_change - margin > *state.next_change + margin)
            return {true, *state.next_change + margin};
        state = by_hours(*after.next_change);
    }
    return {true, state.next_change};
}

OpenState Occasion::whole(Instant instant) const {
    if (m_rule.until && instant >= *m_rule.until)
        return {false, std::nullopt};
    const bool early = m_rule.from && instant < *m_rule.from;
    OpenState state = widened(early ? *m_rule.from : instant);
    if (early && state.open)
        return {false, m_rule.from};
    if (m_rule.until && (!state.next_change || *state.next_change >= *m_rule.until))
        state.next_change = state.open ? m_rule.until : std::nullopt;
    return state;
}

// A day's hours do not depend on whether it is asked about itself or about its neighbour, so they are joined over midnight first and
// widened then.
const std::vector<MinuteRange>& Occasion::spans(const NearDays& days) const {
    if (m_spans_of == days.day)
        return m_spans;
    m_spans_of = days.day;
    m_spans.clear();
    if (!m_rule.hours) {
        m_spans.push_back({-day_minutes, 2 * day_minutes});
        return m_spans;
    }
    const int margin = static_cast<int>(std::chrono::floor<std::chrono::minutes>(m_rule.margin).count());
    for (int i = 0; i < 3; ++i) {
        const auto at = static_cast<std::size_t>(i);
        day_ranges_into(m_day, *m_rule.hours, days.rules[at + 1], days.rules[at]);
        for (const MinuteRange& range : m_day) {
            const MinuteRange wide{range.from + (i - 1) * day_minutes - margin, range.until + (i - 1) * day_minutes + margin};
            if (!m_spans.empty() && wide.from <= m_spans.back().until)
                m_spans.back().until = wide.until;
            else
                m_spans.push_back(wide);
        }
    }
    return m_spans;
}

bool Occasion::applies(const NearDays& days, Milliseconds of_day) const {
    const Instant instant = days.midnight + of_day;
    if ((m_rule.from && instant < *m_rule.from) || (m_rule.until && instant >= *m_rule.until))
        return false;
    if (!m_rule.hours)
        return true;
    const auto& all = spans(days);
    return std::any_of(all.begin(), all.end(), [&](const MinuteRange& span) {
        return std::chrono::minutes{span.from} <= of_day && of_day < std::chrono::minutes{span.until};
    });
}

std::optional<Milliseconds> Occasion::turns(const NearDays& days, Milliseconds from, Milliseconds until, bool applies_before) const {
    const bool outside = (m_rule.from && days.midnight + until <= *m_rule.from) || (m_rule.until && days.midnight + from >= *m_rule.until);
    if (outside && !applies_before)
        return std::nullopt;
    while (from < until) {
        if (applies(days, from) != applies_before)
            return from;
        // Nothing happens before the next edge.
        Milliseconds edge = until;
        const auto nearer = [&](Milliseconds other) {
            if (other > from)
                edge = std::min(edge, other);
        };
        if (m_rule.from)
            nearer(*m_rule.from - days.midnight);
        if (m_rule.until)
            nearer(*m_rule.until - days.midnight);
        for (const MinuteRange& span : spans(days)) {
            nearer(std::chrono::minutes{span.from});
            nearer(std::chrono::minutes{span.until});
        }
        from = edge;
    }
    return std::nullopt;
}

// Only rules that open something count: the others take from these.
void Occasion::hours_of_week(const std::function<void(int)>& visit) const {
    if (!m_rule.hours)
        return;
    const int margin = static_cast<int>(std::chrono::ceil<std::chrono::minutes>(m_rule.margin).count());
    std::array<bool, week_hours> marked{};
    const auto mark = [&](int day, MinuteRange range) {
        const int start = day * day_minutes + range.from - margin, end = day * day_minutes + range.until + margin;
        for (int hour = (start + week_hours * 60) / 60; hour <= (end + week_hours * 60) / 60; ++hour)
            marked[static_cast<std::size_t>(hour % week_hours)] = true;
    };
    for (const OpeningRule& rule : m_rule.hours->rules)
        for (int day = 0; day < 7 && rule.open; ++day) {
            const bool any_day = (rule.holidays || rule.school_holidays) && !rule.holidays_only;
            if (!any_day && (rule.weekdays & 1U << day) == 0)
                continue;
            if (rule.times.empty())
                mark(day, {0, day_minutes});
            for (const MinuteRange& time : rule.times)
                mark(day, time);
        }
    for (int hour = 0; hour < week_hours; ++hour)
        if (marked[static_cast<std::size_t>(hour)])
            visit(hour);
}

} // namespace capsule
