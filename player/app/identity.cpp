#include "player/app/identity.hpp"

#include "playlists/sync/device_key.hpp"

namespace capsule {

namespace {

constexpr std::uint64_t most_bytes = 1024;

void keep_copy(Disk& disk, const Path& file, const Path& copy) {
    const auto text = disk.read(file, most_bytes), kept = disk.read(copy, most_bytes);
    if (text && (!kept || *kept != *text))
        (void)write_durably(disk, copy, *text, 0600); // without it, things are as they were
}

} // namespace

Result<Identity> load_identity(Disk& disk, const Path& store, Random& random) {
    const Path file = store / "device.key", copy = store / "device.key.copy";
    auto key = sync::load_or_make_device_key(disk, file, random);
    if (key) {
        keep_copy(disk, file, copy);
        return Identity{std::move(*key), {}};
    }
    std::string trouble = key.error().message;
    const Path aside = store / "set-aside" / "device.key";
    // The damaged file stays in its place until another one takes it: without any, the next start would make another device.
    if (const auto kept = disk.read(copy, most_bytes); kept && disk.exists(file)) {
        if (auto restored = sync::load_or_make_device_key(disk, copy, random)) {
            if (const auto damaged = disk.read(file, most_bytes); damaged && disk.make_directories(aside.parent_path()))
                (void)write_durably(disk, aside, *damaged, 0600);
            const auto written = write_durably(disk, file, *kept, 0600);
            return Identity{std::move(*restored), file.string() + (written ? " was damaged and is restored from its copy"
                                                                           : " is damaged and its copy is used: " + written.error().message)};
        }
    }
    if (key.error().category == Category::invalid) {
        Result<void> moved = disk.make_directories(aside.parent_path());
        if (moved)
            moved = disk.rename(file, aside);
        if (moved)
            key = sync::load_or_make_device_key(disk, file, random);
        if (key) {
            keep_copy(disk, file, copy);
            return Identity{std::move(*key),
                            file.string() + " was damaged; this machine is a new device now: assign it to its screen"};
        }
        trouble += "; " + (moved ? key.error() : moved.error()).message;
    }
    return passing_identity(random, std::move(trouble));
}

Result<Identity> passing_identity(Random& random, std::string trouble) {
    auto key = SecretKey::from_seed_hex(random.hex(32));
    if (!key)
        return Error{Category::bug, "no key can be made"};
    return Identity{std::move(*key), trouble + "; until that is mended this is an unknown device, and nothing that it reports is taken"};
}

} // namespace capsule
