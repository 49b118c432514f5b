#include "player/app/version.hpp"

namespace capsule {

std::string program_version() { return CAPSULE_VERSION; }
Instant build_time() { return *parse_rfc3339(CAPSULE_BUILD_DAY "T00:00:00Z"); }

} // namespace capsule
