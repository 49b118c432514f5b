#include "playlists/server/fleet/device_requests.hpp"

#include <cstdint>
#include <limits>

namespace capsule::server {

Result<std::variant<Device, RefusedDevice>> authenticate_device(sqlite::Database& database, std::string_view method,
                                                                std::string_view path, std::string_view body,
                                                                const SignedHeaders& headers) {
    using Answer = std::variant<Device, RefusedDevice>;
    const auto refused = [](std::string reason, DeviceRefusal why = DeviceRefusal::unknown, std::string id = {}) {
        return Answer(RefusedDevice{why, std::move(reason), std::move(id), std::nullopt});
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
            return refused("device " + device.id + " is not enrolled: somebody signed in types the code that it shows");
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
    if (database.changes() == 1)
        return Answer(std::move(device));
    CAPSULE_TRY(last, database.prepare("SELECT counter FROM devices WHERE id=?1 AND revoked_ms IS NULL"));
    last.bind(1, std::string_view(device.id));
    CAPSULE_TRY(there, last.step());
    if (!there)
        return refused("device " + device.id + " was revoked", DeviceRefusal::revoked, device.id);
    return Answer(RefusedDevice{DeviceRefusal::replayed,
                                "this device's requests were counted up to " + std::to_string(last.integer(0)) + ", this one says " +
                                    std::to_string(verified->counter) +
                                    ": its store was restored from an older copy (it then goes on by itself), or two machines use its key",
                                device.id, last.integer(0)});
}

} // namespace capsule::server
