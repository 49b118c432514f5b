#include "player/app/identity.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/power_cut_disk.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <filesystem>
#include <fstream>

using namespace capsule;

namespace {

struct Machine {
    TemporaryFolder folder;
    SystemDisk disk;
    SystemRandom random;

    Identity load() {
        auto identity = load_identity(disk, folder.path(), random);
        REQUIRE(identity.ok());
        return std::move(*identity);
    }
    void damage(const char* name) { std::ofstream(folder.path() / name, std::ios::trunc) << std::string(20, '\0'); }
};

} // namespace

TEST_CASE("a device keeps its key, in two files that nobody else can read") {
    Machine machine;
    const auto first = machine.load(), second = machine.load();
    CHECK(first.trouble.empty());
    CHECK(first.key.public_key().hex() == second.key.public_key().hex());
    for (const char* name : {"device.key", "device.key.copy"})
        CHECK((std::filesystem::status(machine.folder.path() / name).permissions() & std::filesystem::perms(0777)) == std::filesystem::perms(0600));
}

TEST_CASE("a damaged key is restored from its copy, and what was damaged is kept") {
    Machine machine;
    const std::string device = machine.load().key.public_key().hex();
    machine.damage("device.key");
    const Identity mended = machine.load();
    CHECK(mended.key.public_key().hex() == device);
    CHECK(mended.trouble.find("restored") != std::string::npos);
    CHECK(std::filesystem::exists(machine.folder.path() / "set-aside" / "device.key"));
    CHECK(machine.load().trouble.empty());
}

TEST_CASE("with key and copy damaged the machine is a new device, and says so") {
    Machine machine;
    const std::string device = machine.load().key.public_key().hex();
    machine.damage("device.key");
    machine.damage("device.key.copy");
    const Identity anew = machine.load();
    CHECK(anew.key.public_key().hex() != device);
    CHECK(anew.trouble.find("new device") != std::string::npos);
    CHECK(machine.load().key.public_key().hex() == anew.key.public_key().hex());
}

TEST_CASE("a key that was taken away is not brought back") {
    Machine machine;
    const std::string device = machine.load().key.public_key().hex();
    std::filesystem::remove(machine.folder.path() / "device.key");
    CHECK(machine.load().key.public_key().hex() != device);
}

TEST_CASE("where no key can be written, one is used for as long as the program runs") {
    SystemDisk disk;
    SystemRandom random;
    const auto identity = load_identity(disk, "/proc/nowhere", random);
    REQUIRE(identity.ok());
    CHECK_FALSE(identity->trouble.empty());
}

TEST_CASE("restoring a damaged key loses it at no moment: neither to a power cut nor to a full disk") {
    SystemRandom random;
    const auto names = GENERATE(PowerCutDisk::Names::forgotten, PowerCutDisk::Names::kept);
    const bool cut = GENERATE(true, false);
    for (std::size_t call = 1; call < 40; ++call) {
        PowerCutDisk disk;
        REQUIRE(disk.make_directories("/store").ok());
        const auto before = load_identity(disk, "/store", random);
        REQUIRE(before.ok());
        REQUIRE(write_durably(disk, "/store/device.key", std::string(20, '\0'), 0600).ok());
        disk.restart(names);
        if (cut)
            disk.cut_at(call);
        else
            disk.fail_at(call, {Category::no_space, "the disk is full"});
        CAPTURE(cut, call);
        const auto mended = load_identity(disk, "/store", random);
        REQUIRE(mended.ok());
        CHECK(mended->key.public_key().hex() == before->key.public_key().hex());
        disk.restart(names);
        const auto after = load_identity(disk, "/store", random);
        REQUIRE(after.ok());
        CHECK(after->key.public_key().hex() == before->key.public_key().hex());
    }
}
