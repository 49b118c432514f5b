#include "playlists/server/fleet/device_requests.hpp"

#include <cstdint>
#include <limits>

namespace capsule::server {

Result<std::variant<Device, RefusedDevice>> authenticate_device(sqlite::Database& database, std::string_view method,
                                                                std::string_view path, std::string_view body,
                                                                const SignedHeaders& headers) {
    using Answer = std::variant<Device, RefusedDevice>;
    const auto refused = [](std::string reason, DeviceRefusal why = DeviceRefusal::unknown, std::string id = {}) {
        return Answer(RefusedDevice{why, std::move(reason), std::move(id)});
    };

    const auto claimed = claimed_device(headers);
    if (!claimed)
        return refused(claimed.error().message);
    Device device{*claimed, {}};
    std::optional<PublicKey> key;
    {
        CAPSULE_TRY(select, database.prepare("SELECT public_key, screen, revoked_ms FROM devices WHERE id=?1"));
        select.bind(1, std::string_view(device.id));
        CAPSULE_TRY(known, select.step());
        if (!known)
            return refused("device " + device.id + " is not enrolled: an administrator adds it with `capsule device add`");
        if (!select.is_null(2))
            return refused("device " + device.id + " was revoked", DeviceRefusal::revoked, device.id);
        key = PublicKey::parse(select.text(0));
        device.screen = select.text(1);
    }
    if (!key)
        return Error{Category::bug, "the key kept for device " + device.id + " is damaged"};
    const auto verified = verify_request(*key, method, path, body, headers);
    if (!verified)
        return refused(verified.error().message, DeviceRefusal::forged, device.id);
    if (verified->device != device.id)
        return refused("the signature is another device's", DeviceRefusal::forged, device.id);
    if (verified->counter > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return refused("the counter is out of range", DeviceRefusal::forged, device.id);
    CAPSULE_TRY(update, database.prepare("UPDATE devices SET counter=?2 WHERE id=?1 AND counter<?2 AND revoked_ms IS NULL"));
    update.bind(1, std::string_view(device.id));
    update.bind(2, static_cast<std::int64_t>(verified->counter));
    CAPSULE_CHECK(update.run());
    if (database.changes() != 1)
        return refused("the counter did not rise: this request, or a later one, was received before", DeviceRefusal::replayed,
                       device.id);
    return Answer(std::move(device));
}

} // namespace capsule::server
