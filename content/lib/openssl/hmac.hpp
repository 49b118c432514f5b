// HMAC-SHA-1 (RFC 2104), which one-time codes are made of (RFC 4226). For nothing else. Reentrant.
#pragma once

#include <string>
#include <string_view>

namespace capsule {

// 20 bytes.
std::string hmac_sha1(std::string_view key, std::string_view message);

} // namespace capsule
