#include "playlists/sync/device_key.hpp"

namespace capsule::sync {

Result<SecretKey> load_or_make_device_key(Disk& disk, const Path& path, Random& random) {
    auto text = disk.read(path, 1024);
    if (!text && text.error().category != Category::missing)
        return text.error();
    if (!text) {
        const std::string seed = random.hex(32);
        CAPSULE_CHECK(disk.make_directories(path.parent_path()));
        CAPSULE_CHECK(write_durably(disk, path, seed + "\n", 0600));
        text = seed;
    }
    const auto end = text->find_last_not_of(" \r\n");
    const auto key = SecretKey::from_seed_hex(std::string_view(*text).substr(0, end == std::string::npos ? 0 : end + 1));
    if (!key)
        return Error{Category::invalid, path.string() +
                                            " does not hold a key (64 hexadecimal digits): restore it, or remove it and "
                                            "enrol this machine anew"};
    return *key;
}

} // namespace capsule::sync
