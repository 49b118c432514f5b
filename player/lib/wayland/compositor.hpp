// The Wayland compositor of $WAYLAND_DISPLAY. Reentrant.
#pragma once

#include "content/base/result.hpp"

namespace capsule::wayland {

// Connects and leaves again, within milliseconds. Missing when no compositor answers, or when it lacks what SDL cannot do without; the
// message says what to do.
Result<void> check_compositor();

} // namespace capsule::wayland
