// Whose store this is: kept through repairs, given up by a copy.
#include "player/app/machine_identity.hpp"
#include "player/app/prepare_image.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/power_cut_disk.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <fstream>

using namespace capsule;

namespace {

struct Machine {
    TemporaryFolder folder;
    SystemDisk disk;
    SystemRandom random;
    Path store = folder.path() / "store";

    std::string start(const MachineMarks& marks) {
        const auto key = load_identity_here(disk, store, random, marks);
        REQUIRE(key.ok());
        return key->key.public_key().device_id();
    }
    void write(const Path& name, const std::string& text) {
        std::filesystem::create_directories((store / name).parent_path());
        std::ofstream(store / name) << text;
    }
};

void put(const Path& root, const std::string& name, const std::string& text) {
    std::filesystem::create_directories((root / name).parent_path());
    std::ofstream(root / name) << text << "\n";
}

} // namespace

TEST_CASE("a machine remains itself whatever part of it is replaced, one after another") {
    Machine machine;
    const std::string device = machine.start({"board", "network", "disk"});
    CHECK(machine.start({"board", "network", "disk"}) == device);
    CHECK(machine.start({"board", "other-network", "other-disk"}) == device);     // a backup laid onto a new disk
    CHECK(machine.start({"other-board", "third-network", "other-disk"}) == device); // the disk moved to another machine
    CHECK(machine.start({"other-board"}) == device);                              // fewer rights: fewer marks
    CHECK(machine.start({}) == device);                                           // nothing can be read: nothing is concluded
    CHECK(machine.start({"network"}) == device);                                  // what was seen before counts
}

TEST_CASE("a copy of a disk in another machine gets a new key and leaves the rows to the original") {
    Machine machine;
    const std::string device = machine.start({"board", "disk"});
    machine.write("journal/a-1.db", "rows");
    machine.write("request-counter", "5000\n");
    machine.write("blobs/ab/abcd", "a capsule");
    machine.write("trust/root.json", "{}");
    const std::string copy = machine.start({"board-2", "disk-2"});
    CHECK(copy != device);
    CHECK(machine.start({"board-2", "disk-2"}) == copy);
    CHECK(!machine.disk.exists(machine.store / "journal" / "a-1.db"));
    CHECK(!machine.disk.exists(machine.store / "request-counter"));
    CHECK(machine.disk.exists(machine.store / "set-aside" / ("copy-of-" + device) / "a-1.db"));
    CHECK(machine.disk.exists(machine.store / "blobs/ab/abcd"));
    CHECK(machine.disk.exists(machine.store / "trust/root.json"));
}

TEST_CASE("a store from before marks were kept keeps its identity, and is protected from then on") {
    Machine machine;
    const std::string device = machine.start({});
    CHECK(machine.start({"board"}) == device);
    CHECK(machine.start({"board-2"}) != device);
}

TEST_CASE("marks that belong to another key, or cannot be read, are made anew") {
    Machine machine;
    const std::string device = machine.start({"board"});
    machine.write("device.machine", "{\"format\":1,\"dev");
    CHECK(machine.start({"board-2"}) == device);
    machine.write("device.machine", R"({"format":1,"device":"0123456789abcdef","marks":["elsewhere"]})");
    CHECK(machine.start({"board-2"}) == device);
    CHECK(machine.start({"board-3"}) != device);
}

TEST_CASE("a copy whose power goes while it becomes itself is either still a copy or a new machine, never half of each") {
    for (std::size_t cut = 1; cut < 40; ++cut) {
        PowerCutDisk disk;
        SystemRandom random;
        REQUIRE(disk.make_directories("/store/journal").ok());
        REQUIRE(disk.sync_directory("/").ok());
        REQUIRE(disk.sync_directory("/store").ok());
        const auto original = load_identity_here(disk, "/store", random, {"board"});
        REQUIRE(original.ok());
        REQUIRE(write_durably(disk, "/store/journal/1.db", "rows").ok());
        REQUIRE(write_durably(disk, "/store/request-counter", "5000\n").ok());
        disk.cut_at(disk.calls() + cut);
        (void)load_identity_here(disk, "/store", random, {"other"});
        disk.restart(PowerCutDisk::Names::forgotten);
        const auto key = load_identity_here(disk, "/store", random, {"other"});
        REQUIRE(key.ok());
        CHECK(key->key.public_key() != original->key.public_key());
        CHECK(!disk.exists("/store/journal/1.db"));
        CHECK(!disk.exists("/store/request-counter"));
    }
}

TEST_CASE("a store that is made ready for an image keeps nothing of this machine, and strangers' files are named") {
    Machine machine;
    const std::string device = machine.start({"board"});
    machine.write("journal/a-1.db", "rows");
    machine.write("blobs/ab/abcd", "a capsule");
    machine.write("trust/root.json", "{}");
    machine.write("notes.txt", "mine");
    const auto left = prepare_image(machine.disk, machine.store);
    REQUIRE(left.ok());
    CHECK(*left == std::vector<std::string>{"notes.txt"});
    for (const char* name : {"device.key", "device.machine", "journal", "blobs", "trust"}) {
        INFO(name);
        CHECK(!machine.disk.exists(machine.store / name));
    }
    CHECK(machine.start({"board"}) != device);
}

TEST_CASE("marks come from what is built in and filled in") {
    TemporaryFolder folder;
    const Path root = folder.path();
    CHECK(read_machine_marks(root).empty());
    put(root, "sys/class/dmi/id/product_uuid", "To be filled by O.E.M.");
    put(root, "sys/class/dmi/id/board_serial", "Default string");
    put(root, "sys/class/dmi/id/product_serial", "00000000");
    put(root, "sys/class/net/lo/address", "00:00:00:00:00:00");
    put(root, "sys/class/net/veth0/address", "52:54:00:aa:bb:cc"); // made up by software
    put(root, "sys/class/net/veth0/addr_assign_type", "3");
    put(root, "sys/block/loop0/size", "0");
    CHECK(read_machine_marks(root).empty());
    put(root, "sys/class/dmi/id/board_serial", "CZC1234XYZ");
    CHECK(read_machine_marks(root).size() == 1);
    put(root, "sys/class/net/eth0/address", "dc:a6:32:01:02:03");
    put(root, "sys/class/net/eth0/addr_assign_type", "0");
    put(root, "sys/class/net/eth0/device/vendor", "x");
    CHECK(read_machine_marks(root).size() == 2);
    put(root, "sys/block/mmcblk0/removable", "0");
    put(root, "sys/block/mmcblk0/device/cid", "035344534433324785a1b2c3d4016400");
    CHECK(read_machine_marks(root).size() == 3);
    put(root, "sys/block/sdb/removable", "1");
    put(root, "sys/block/sdb/device/serial", "4C530001234567");
    std::filesystem::create_directories(root / "sys/devices/usb1/net");
    put(root, "sys/class/net/usb0/address", "dc:a6:32:0a:0b:0c");
    put(root, "sys/class/net/usb0/addr_assign_type", "0");
    std::filesystem::create_directory_symlink(root / "sys/devices/usb1/net", root / "sys/class/net/usb0/device");
    const MachineMarks all = read_machine_marks(root);
    CHECK(all.size() == 3);
    for (const std::string& mark : all)
        CHECK(mark.find("CZC1234XYZ") == std::string::npos);
}
