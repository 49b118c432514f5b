// A wall clock that is moved by hand; timers run as ever. Thread-safe.
#pragma once

#include "content/base/clock.hpp"

#include <atomic>

namespace capsule::server {

class SimulatedClock final : public Clock {
public:
    explicit SimulatedClock(Instant start) : m_wall_ms(to_ms(start)) {}
    // Never back.
    void move_to(Instant instant) {
        if (to_ms(instant) > m_wall_ms)
            m_wall_ms = to_ms(instant);
    }
    Nanoseconds monotonic() const override { return m_system.monotonic(); }
    Nanoseconds boottime() const override { return m_system.boottime(); }
    Instant wall() const override { return instant_from_ms(m_wall_ms); }
    std::string boot_id() const override { return m_system.boot_id(); }

private:
    const SystemClock m_system;
    std::atomic<std::int64_t> m_wall_ms;
};

} // namespace capsule::server
