#include "player/app/prepare_image.hpp"

#include "player/app/store_lock.hpp"

#include <system_error>

namespace capsule {

Result<std::vector<std::string>> prepare_image(Disk& disk, const Path& store) {
    if (!disk.exists(store))
        return Error{Category::missing, store.string() + " is not there: is this the player's store?"};
    const auto lock = StoreLock::take(store);
    if (!lock)
        return lock.error();
    for (const char* name : {"journal", "request-counter", "time-floor", "incoming", "active.json", "documents", "blobs", "set-aside", "trust",
                             "device.machine", "device.key.copy", "device.key"}) {
        std::error_code error;
        std::filesystem::remove_all(store / name, error);
        if (error)
            return system_error(error.value(), "remove", store / name);
        CAPSULE_CHECK(disk.sync_directory(store));
    }
    CAPSULE_TRY(left, disk.list(store));
    std::erase(left, "player.lock");
    return std::move(left);
}

} // namespace capsule
