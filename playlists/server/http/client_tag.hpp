// What stands for a client's address where attempts are counted. Reentrant.
#pragma once

#include <string>

struct sockaddr;

namespace capsule::server {

// The same for one address (of IPv6 its /64, which one household has whole) and one key; nothing of the address can be read from it without
// the key. A peer on this machine is a reverse proxy: the last entry of its X-Forwarded-For, which it wrote itself, is the client. Empty when
// there is no address (a local socket).
std::string client_tag(const sockaddr* peer, const std::string& forwarded_for, const std::string& key);

} // namespace capsule::server
