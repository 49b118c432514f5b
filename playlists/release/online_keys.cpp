#include "playlists/release/online_keys.hpp"

namespace capsule::tuf {

Result<SecretKey> load_secret_key(Disk& disk, const Path& file) {
    CAPSULE_TRY(text, disk.read(file, 256));
    while (text.ends_with('\n'))
        text.pop_back();
    const auto key = SecretKey::from_seed_hex(text);
    if (!key)
        return Error{Category::invalid, file.string() + " is no key: put it back from a backup"};
    return *key;
}

Result<void> save_secret_key(Disk& disk, const Path& file, const SecretKey& key) {
    return write_durably(disk, file, key.seed_hex() + "\n", 0600);
}

Result<OnlineKeys> load_or_make_online_keys(Disk& disk, const Path& folder) {
    CAPSULE_CHECK(disk.make_directories(folder));
    CAPSULE_CHECK(disk.sync_directory(folder.parent_path())); // a root may name these keys: they must not be lost with their folder
    OnlineKeys keys;
    for (const Role role : online_roles) {
        const Path file = folder / (std::string(to_string(role)) + ".key");
        auto key = load_secret_key(disk, file);
        if (!key && key.error().category == Category::missing) { // not for any other failure: it would cost the key
            CAPSULE_CHECK(save_secret_key(disk, file, SecretKey::generate()));
            key = load_secret_key(disk, file);
        }
        if (!key)
            return key.error();
        keys.emplace(role, *key);
    }
    return keys;
}

std::map<Role, Key> public_keys(const OnlineKeys& keys) {
    std::map<Role, Key> all;
    for (const auto& [role, key] : keys)
        all.emplace(role, ed25519_key(key.public_key()));
    return all;
}

} // namespace capsule::tuf
