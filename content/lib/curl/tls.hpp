// How certificates are judged; only for this folder. Reentrant.
#pragma once

#include "content/lib/curl/session.hpp"

namespace capsule::http {

// Sets it up on the libcurl handle `easy` for its next connections: the extra authorities beside the system's, and the time against
// which certificates are held. `settings` must outlive the transfer.
void apply_tls(void* easy, const Settings& settings);

} // namespace capsule::http
