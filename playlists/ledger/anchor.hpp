// How well an anchor tells the time of its boot. Pure. Reentrant.
#pragma once

#include "playlists/ledger/row.hpp"

#include <cstdint>
#include <cstdlib>

namespace capsule {

// The boot clock is taken to run wrong by at most this: 100 millionths, twice what cheap crystals do.
constexpr std::int64_t clock_drift_divisor = 10'000;

// The bound of the error of what the anchor tells of `boot_ms`, a moment of its boot: its own, and what the clock may have drifted
// on the way.
inline std::int64_t error_at(const AnchorRow& anchor, std::int64_t boot_ms) {
    return anchor.error_ms + std::abs(boot_ms - anchor.boot_ms) / clock_drift_divisor;
}

} // namespace capsule
