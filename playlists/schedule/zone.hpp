// Local time at a place and instants in UTC, by the system's time-zone data. Reentrant.
// Where the clocks go forward, a local time that does not exist means the moment of the change; where they go back, a local time
// that exists twice means the first.
#pragma once

#include "content/base/clock.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace date {
class time_zone;
}

namespace capsule {

// Hours and dates as the clocks of a place show them.
using LocalTime = std::chrono::local_time<Milliseconds>;
using LocalDay = std::chrono::local_days;

// "2026-11-22".
std::string to_text(LocalDay day);
// Empty when it is not such a date.
std::optional<LocalDay> parse_day(std::string_view text);

class Zone {
public:
    // An IANA name. An unknown name means Europe/Paris, and UTC where the system has no time-zone data at all: a screen plays on.
    explicit Zone(const std::string& name);
    // Whether the system knows the name; for checks before publishing.
    static bool exists(const std::string& name);

    LocalTime local(Instant instant) const;
    LocalDay day(Instant instant) const { return std::chrono::floor<std::chrono::days>(local(instant)); }
    Instant instant(LocalTime local) const;

    // The time around an instant in which the clocks are not changed: there, local time is UTC and the offset. Half-open.
    struct Steady {
        Instant from{}, until{};
        Milliseconds offset{0};
    };
    Steady steady(Instant instant) const;

private:
    const date::time_zone* m_zone; // of the process-wide, immutable database; null: UTC
};

} // namespace capsule
