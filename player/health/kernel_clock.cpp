#include "player/health/kernel_clock.hpp"

#include <sys/timex.h>

namespace capsule {

std::optional<AnchorRow> kernel_clock_anchor(const Clock& clock) {
    timex state{};
    const int code = ntp_adjtime(&state);
    // The kernel raises maxerror while nobody corrects it and says unsynchronised at 16 s.
    if (code == -1 || code == TIME_ERROR || (state.status & STA_UNSYNC) || state.maxerror >= 16'000'000)
        return std::nullopt;
    AnchorRow anchor;
    const Nanoseconds before = clock.boottime();
    anchor.utc_ms = to_ms(clock.wall());
    const Nanoseconds after = clock.boottime();
    anchor.boot_ms = std::chrono::duration_cast<Milliseconds>((before + after) / 2).count();
    anchor.error_ms = state.maxerror / 1000 + std::chrono::duration_cast<Milliseconds>(after - before).count() + 1;
    anchor.source = "ntp";
    return anchor;
}

} // namespace capsule
