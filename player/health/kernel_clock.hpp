// What the kernel knows of its own wall clock. Thread-safe.
#pragma once

#include "content/base/clock.hpp"
#include "playlists/ledger/row.hpp"

#include <optional>

namespace capsule {

// An anchor from the kernel's clock discipline (ntp_adjtime(3)), with its maximum error as bound; empty when nothing disciplines the
// clock, so that a merely plausible wall clock proves nothing.
std::optional<AnchorRow> kernel_clock_anchor(const Clock& clock);

} // namespace capsule
