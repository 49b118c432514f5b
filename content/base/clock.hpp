// Where time comes from. Thread-safe. Nothing else in the product asks the system for the time.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace capsule {

using Milliseconds = std::chrono::milliseconds;
using Nanoseconds = std::chrono::nanoseconds;
// A point in UTC, to the millisecond (Unix time: no leap seconds).
using Instant = std::chrono::time_point<std::chrono::system_clock, Milliseconds>;

class Clock {
public:
    virtual ~Clock() = default;
    // CLOCK_MONOTONIC: for timers and the picture; stops during suspend, never steps.
    virtual Nanoseconds monotonic() const = 0;
    // CLOCK_BOOTTIME: since this boot, suspend included; the ledger's clock.
    virtual Nanoseconds boottime() const = 0;
    // The wall clock as the machine has it: may be wrong by years, may step.
    virtual Instant wall() const = 0;
    // The kernel's id of this boot (/proc/sys/kernel/random/boot_id), constant while it runs.
    virtual std::string boot_id() const = 0;
};

class SystemClock final : public Clock {
public:
    Nanoseconds monotonic() const override;
    Nanoseconds boottime() const override;
    Instant wall() const override;
    std::string boot_id() const override;
};

inline Instant instant_from_ms(std::int64_t ms) { return Instant{Milliseconds{ms}}; }
inline std::int64_t to_ms(Instant instant) { return instant.time_since_epoch().count(); }

// RFC 3339 in UTC, "2026-11-22T09:00:00Z", with ".123" only when there are milliseconds.
std::string to_rfc3339(Instant instant);
// Reads RFC 3339 with Z or an offset; nothing else. Empty when it is not that.
std::optional<Instant> parse_rfc3339(std::string_view text);
// "30s", "10min", "2h", "1d", "500ms" (a whole number and a unit). Empty when it is not that.
std::optional<Milliseconds> parse_duration(std::string_view text);

} // namespace capsule
