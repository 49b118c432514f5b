// Which program this is.
#pragma once

#include "content/base/clock.hpp"

#include <string>

namespace capsule {

std::string program_version();
// When the build was configured, to the day: no clock that says earlier is right.
Instant build_time();

} // namespace capsule
