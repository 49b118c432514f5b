// Whether a request really comes from an enrolled device, once. Thread-safe; takes the caller's connection.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/signing/message_signature.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace capsule::server {

struct Device {
    std::string id;
    std::string screen; // that it serves now
};

enum class DeviceRefusal {
    unknown,  // no signature, or of a device that is not enrolled
    forged,   // a signature that does not fit the request and the device's key
    replayed, // a counter that did not rise
    revoked,
};

struct RefusedDevice {
    DeviceRefusal why = DeviceRefusal::unknown;
    std::string reason;
    std::string device; // that the request names, when it is enrolled
    // The signature holds, but the counter is not above this one: a request received before, or a machine whose store was restored.
    std::optional<std::int64_t> counter;
};

// The device, its counter now at this request's; or why not. An error only when the database fails.
Result<std::variant<Device, RefusedDevice>> authenticate_device(sqlite::Database& database, std::string_view method,
                                                                std::string_view path, std::string_view body,
                                                                const SignedHeaders& headers);

} // namespace capsule::server
