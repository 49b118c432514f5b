#include "playlists/schedule/occasion.hpp"

#include <algorithm>
#include <utility>

namespace capsule {

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

} // namespace capsule
