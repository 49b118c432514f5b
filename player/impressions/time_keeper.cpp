#include "player/impressions/time_keeper.hpp"

#include "playlists/ledger/anchor.hpp"

#include <algorithm>
#include <charconv>

namespace capsule {

namespace {

std::int64_t to_milliseconds(Nanoseconds span) { return std::chrono::duration_cast<Milliseconds>(span).count(); }

} // namespace

TimeKeeper::TimeKeeper(const Clock& clock, Disk& disk, Path floor_file, Instant build_time)
    : m_clock(clock), m_disk(disk), m_floor_file(std::move(floor_file)), m_floor(build_time) {
    const Result<std::string> text = m_disk.read(m_floor_file, 64);
    std::int64_t ms = 0;
    if (text && std::from_chars(text->data(), text->data() + text->size(), ms).ec == std::errc{}) {
        m_persisted = instant_from_ms(ms);
        m_floor = std::max(m_floor, m_persisted);
    }
}

AnchorRow TimeKeeper::heard(Nanoseconds sent, Nanoseconds answered, std::int64_t utc_ms) {
    // The server read its clock somewhere between: the middle is wrong by half the span at most, and each figure is cut to 1 ms.
    const std::int64_t from = to_milliseconds(sent), to = to_milliseconds(answered);
    const AnchorRow anchor{from + (to - from) / 2, utc_ms, (to - from) / 2 + 2, "server"};
    add(anchor);
    return anchor;
}

void TimeKeeper::add(const AnchorRow& anchor) {
    const std::int64_t now = to_milliseconds(m_clock.boottime());
    const std::lock_guard lock(m_mutex);
    if (!m_anchor || error_at(anchor, now) <= error_at(*m_anchor, now))
        m_anchor = anchor;
    m_floor = std::max(m_floor, instant_from_ms(anchor.utc_ms - anchor.error_ms));
}

void TimeKeeper::raise_floor(Instant floor) {
    const std::lock_guard lock(m_mutex);
    m_floor = std::max(m_floor, floor);
}

TimeEstimate TimeKeeper::estimate_while_locked(Nanoseconds boottime) const {
    if (!m_anchor)
        return {std::max(m_clock.wall(), m_floor), std::nullopt};
    const std::int64_t boot_ms = to_milliseconds(boottime);
    return {instant_from_ms(m_anchor->utc_ms + boot_ms - m_anchor->boot_ms), Milliseconds{error_at(*m_anchor, boot_ms)}};
}

TimeEstimate TimeKeeper::now() const {
    const std::lock_guard lock(m_mutex);
    return estimate_while_locked(m_clock.boottime());
}

ClockKnown TimeKeeper::clock_known() const {
    const TimeEstimate estimate = now();
    return estimate.error && *estimate.error <= std::chrono::minutes(15) ? ClockKnown::yes : ClockKnown::no;
}

std::optional<Milliseconds> TimeKeeper::wall_error() const {
    const TimeEstimate estimate = now();
    if (!estimate.error)
        return std::nullopt;
    const Milliseconds off = m_clock.wall() - estimate.utc;
    return std::chrono::abs(off) + *estimate.error;
}

Instant TimeKeeper::floor() const {
    const std::lock_guard lock(m_mutex);
    return m_floor;
}

Result<void> TimeKeeper::persist() {
    Instant floor;
    {
        const std::lock_guard lock(m_mutex);
        const TimeEstimate estimate = estimate_while_locked(m_clock.boottime());
        if (estimate.error)
            m_floor = std::max(m_floor, estimate.utc - *estimate.error);
        if (m_floor < m_persisted + std::chrono::hours(1))
            return {};
        floor = m_floor;
    }
    CAPSULE_CHECK(write_durably(m_disk, m_floor_file, std::to_string(to_ms(floor)) + "\n"));
    const std::lock_guard lock(m_mutex);
    m_persisted = floor;
    return {};
}

} // namespace capsule
