// A clock that moves only when told. Thread-safe.
#pragma once

#include "content/base/clock.hpp"

#include <atomic>

namespace capsule {

class FakeClock final : public Clock {
public:
    Nanoseconds monotonic() const override { return Nanoseconds{m_monotonic.load()}; }
    Nanoseconds boottime() const override { return Nanoseconds{m_monotonic.load()}; }
    Instant wall() const override { return instant_from_ms(m_wall_ms.load()); }
    std::string boot_id() const override { return m_boot_id; }

    void advance(Nanoseconds step) {
        m_monotonic += step.count();
        m_wall_ms += std::chrono::duration_cast<Milliseconds>(step).count();
    }
    void set_wall(Instant instant) { m_wall_ms = to_ms(instant); }
    void set_boot_id(std::string id) { m_boot_id = std::move(id); }

private:
    std::atomic<std::int64_t> m_monotonic{1'000'000'000};
    std::atomic<std::int64_t> m_wall_ms{1'795'338'000'000};
    std::string m_boot_id = "11111111-2222-4333-8444-555555555555";
};

} // namespace capsule
