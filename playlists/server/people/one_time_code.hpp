// One-time codes of six digits by the clock (TOTP, RFC 6238: HMAC-SHA-1, 30 seconds), as telephone applications make them. Pure. Reentrant.
#pragma once

#include "content/base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace capsule::server {

inline constexpr std::size_t one_time_secret_bytes = 20;

// Which span of 30 seconds it is.
std::int64_t one_time_step(Instant now);
// The code of that span.
std::string one_time_code(std::string_view secret, std::int64_t step);
// The span whose code `typed` is: this one, the one before or the one after, and above `used`, since each code is good for once. Spaces do
// not matter.
std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view typed, Instant now, std::int64_t used);

// RFC 4648, base 32 in capitals without padding: what people type where they cannot scan.
std::string to_base32(std::string_view bytes);
// "otpauth://totp/…": what the QR code says.
std::string one_time_uri(std::string_view secret, std::string_view login);

} // namespace capsule::server
