// A disk that fails or loses power while a new root comes into force: whatever stands afterwards, the server goes on by itself and
// screens follow.
#include "content/base/log.hpp"
#include "playlists/release/signed_release.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/power_cut_disk.hpp"
#include "tests/playlists/release/repository_simulator.hpp"

using namespace capsule;
using namespace capsule::tuf;

namespace {

const Path release_folder = "/data/release", keys_folder = "/data/keys";

// A server that an administrator has taken over, and a screen that follows it.
struct World {
    PowerCutDisk disk, screen_disk;
    FakeClock clock;
    const SecretKey ours = numbered_key(1);
    std::unique_ptr<SignedRelease> signer;
    TrustStore store{screen_disk, "/screen/trust"};
    Client screen{store};
    std::int64_t number = 0;

    explicit World(bool taken_over) {
        REQUIRE(disk.make_directories("/data").ok());
        REQUIRE(disk.sync_directory("/").ok());
        REQUIRE(start().ok());
        REQUIRE(publish().ok());
        REQUIRE(!trust_first_root(store, *disk.read(release_folder / "1.root.json", 1 << 20)));
        if (taken_over) {
            REQUIRE(signer->take_root(next_root()).ok());
            REQUIRE(signer->prepare_rotation().ok());
        }
        REQUIRE(follow() == "");
    }
    Result<void> start() {
        CAPSULE_TRY(opened, SignedRelease::open(disk, release_folder, keys_folder, clock));
        signer = std::move(opened);
        const auto refreshed = signer->refresh();
        return refreshed ? Result<void>() : refreshed.error();
    }
    Result<void> publish() {
        ReleaseIndex index;
        index.now = DocumentEntry{++number, sha256(std::to_string(number)), 1};
        return signer->publish(index);
    }
    // Takes over, or gives the server the keys that it has prepared.
    std::string next_root() const {
        const KeyState state = signer->key_state();
        std::map<Role, Signers> roles{{Role::root, {{ed25519_key(ours.public_key())}, 1}}};
        for (const auto& [role, key] : state.next.value_or(state.keys))
            roles[role] = {{key}, 1};
        return *with_signature(compose_root(state.root_version + 1, clock.wall() + 365 * one_day, roles), ours);
    }
    std::string follow() {
        screen.begin(clock.wall());
        while (const auto wanted = screen.wanted()) {
            auto bytes = disk.read(release_folder / wanted->name, wanted->most);
            if (bytes)
                screen.received(std::move(*bytes));
            else
                screen.absent();
        }
        return screen.refusal() ? to_error(*screen.refusal()).message : "";
    }
    bool keys_lie_where_they_belong() {
        const KeyState state = signer->key_state();
        for (const auto& [role, key] : state.keys) {
            const auto lying = load_secret_key(disk, keys_folder / (std::string(to_string(role)) + ".key"));
            if (!lying || ed25519_key(lying->public_key()) != key)
                return false;
        }
        return disk.exists(keys_folder / "next" / "targets.key") == state.next.has_value() &&
               disk.exists(keys_folder / "provisional-root.key") == state.provisional;
    }
    // What must hold in the end, whatever happened on the way.
    void check_goes_on(std::int64_t root_before) {
        REQUIRE(signer->refresh().ok());
        CHECK(follow() == "");
        REQUIRE(publish().ok());
        CHECK(follow() == "");
        CHECK(index_of(*screen.targets())->now->number == number);
        if (signer->key_state().root_version == root_before) {
            REQUIRE(signer->take_root(next_root()).ok()); // the administrator's second try
            CHECK(follow() == "");
        }
        CHECK(screen.root()->version == root_before + 1);
        CHECK(keys_lie_where_they_belong());
        REQUIRE(start().ok());
        REQUIRE(publish().ok());
        CHECK(follow() == "");
        CHECK(signer->prepare_rotation()->next != signer->key_state().keys);
        REQUIRE(signer->take_root(next_root()).ok());
        CHECK(follow() == "");
    }
};

} // namespace

TEST_CASE("a disk that fails once while a new root comes into force leaves a server that goes on by itself") {
    set_log_level(LogLevel::error);
    const bool taken_over = GENERATE(false, true);
    bool failed = true;
    std::size_t call = 1;
    for (; failed; ++call) {
        World world(taken_over);
        CAPTURE(taken_over, call);
        const std::int64_t before = world.signer->key_state().root_version;
        const std::size_t calls = world.disk.calls();
        world.disk.fail_at(calls + call, Error{Category::no_space, "the disk is full"});
        (void)world.signer->take_root(world.next_root());
        failed = world.disk.calls() >= calls + call;
        world.disk.fail_at(0, {});
        world.check_goes_on(before);
    }
    CHECK(call > 20);
}

TEST_CASE("power that goes while a new root comes into force costs neither the server nor a screen its keys") {
    set_log_level(LogLevel::error);
    const bool taken_over = GENERATE(false, true);
    const auto names = GENERATE(PowerCutDisk::Names::forgotten, PowerCutDisk::Names::kept);
    bool cut = true;
    std::size_t call = 1;
    for (; cut; ++call) {
        World world(taken_over);
        CAPTURE(taken_over, call, names == PowerCutDisk::Names::kept);
        const std::int64_t before = world.signer->key_state().root_version;
        world.disk.cut_at(world.disk.calls() + call);
        (void)world.signer->take_root(world.next_root());
        cut = world.disk.was_cut();
        world.disk.restart(names);
        REQUIRE(world.start().ok());
        world.check_goes_on(before);
    }
    CHECK(call > 20);
}

TEST_CASE("a first root that was trusted is still trusted after the power went") {
    PowerCutDisk disk;
    REQUIRE(disk.make_directories("/screen").ok());
    REQUIRE(disk.sync_directory("/").ok());
    Repository repository;
    TrustStore store(disk, "/screen/trust");
    REQUIRE(!trust_first_root(store, repository.newest(Role::root)));
    disk.restart(GENERATE(PowerCutDisk::Names::forgotten, PowerCutDisk::Names::kept));
    CHECK(store.has_root());
    CHECK(*store.read(Role::root) == repository.newest(Role::root));
}
