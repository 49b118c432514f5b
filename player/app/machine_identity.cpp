#include "player/app/machine_identity.hpp"

#include "content/base/log.hpp"
#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

namespace capsule {

namespace {

constexpr std::size_t most_marks = 64;

// Of that device; empty when nothing (or nothing legible, or another device's) is there.
MachineMarks known_marks(Disk& disk, const Path& file, const std::string& device) {
    MachineMarks marks;
    const auto text = disk.read(file, 64u << 10);
    const auto record = text ? json::parse_strict(*text) : Result<nlohmann::json>(text.error());
    if (!record || !record->is_object() || record->value("device", nlohmann::json()) != nlohmann::json(device))
        return marks;
    if (const auto list = record->find("marks"); list != record->end() && list->is_array())
        for (const auto& mark : *list)
            if (mark.is_string())
                marks.insert(mark.get<std::string>());
    return marks;
}

Result<void> note_marks(Disk& disk, const Path& file, const std::string& device, const MachineMarks& marks) {
    const nlohmann::json record = {{"format", 1}, {"device", device}, {"marks", marks}};
    return write_durably(disk, file, record.dump() + "\n", 0600);
}

// A copy stops being the machine that it was copied from. In an order that can be cut anywhere and begun again.
Result<void> part_from(Disk& disk, const Path& store, const std::string& device) {
    const Path aside = store / "set-aside" / ("copy-of-" + device);
    CAPSULE_CHECK(disk.make_directories(aside));
    CAPSULE_CHECK(disk.sync_directory(aside.parent_path()));
    CAPSULE_TRY(segments, disk.list(store / "journal"));
    for (const std::string& segment : segments)
        CAPSULE_CHECK(disk.rename(store / "journal" / segment, aside / segment));
    if (!segments.empty()) {
        CAPSULE_CHECK(disk.sync_directory(aside));
        CAPSULE_CHECK(disk.sync_directory(store / "journal"));
    }
    CAPSULE_CHECK(disk.remove(store / "request-counter"));
    CAPSULE_CHECK(disk.remove(store / "device.key.copy"));
    CAPSULE_CHECK(disk.sync_directory(store));
    CAPSULE_CHECK(disk.remove(store / "device.key")); // from here on it is another machine
    CAPSULE_CHECK(disk.remove(store / "device.machine"));
    return disk.sync_directory(store);
}

} // namespace

Result<Identity> load_identity_here(Disk& disk, const Path& store, Random& random, const MachineMarks& marks) {
    const Path file = store / "device.machine";
    CAPSULE_TRY(identity, load_identity(disk, store, random));
    std::string device = identity.key.public_key().device_id();
    MachineMarks known = known_marks(disk, file, device);
    if (!may_be_one_machine(known, marks)) {
        if (const auto parted = part_from(disk, store, device); !parted)
            return passing_identity(random, "this disk is a copy of that of device " + device + ", and " + parted.error().message);
        CAPSULE_TRY(fresh, load_identity(disk, store, random));
        log_warning("identity", "this disk is a copy of that of device " + device + ", in another machine: this one asks for a screen as device " +
                                    fresh.key.public_key().device_id());
        device = fresh.key.public_key().device_id();
        identity = std::move(fresh);
        known.clear();
    }
    MachineMarks all = known;
    all.insert(marks.begin(), marks.end());
    if (all.size() > most_marks)
        all = marks;
    if (all != known)
        if (const auto noted = note_marks(disk, file, device, all); !noted)
            log_warning("identity", noted.error().message + "; a copy of this disk would not be noticed");
    return identity;
}

} // namespace capsule
