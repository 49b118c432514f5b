// The server's side: what it signs is what a screen trusts.
#include "playlists/release/signed_release.hpp"
#include "playlists/release/writer.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/unreadable_disk.hpp"
#include "tests/playlists/release/repository_simulator.hpp"

#include <sys/stat.h>

using namespace capsule;
using namespace capsule::tuf;

namespace {

struct Office {
    SystemDisk disk;
    FakeClock clock;
    TemporaryFolder folder;
    std::unique_ptr<SignedRelease> signer;
    std::unique_ptr<ReleaseWriter> writer;

    Office() { start(); }
    void start() {
        auto opened = SignedRelease::open(disk, folder.path() / "release", folder.path() / "keys", clock);
        if (!opened)
            FAIL(opened.error().message);
        signer = std::move(*opened);
        writer = std::move(*ReleaseWriter::open(disk, folder.path() / "release", clock));
        REQUIRE(writer->sign_with(*signer).ok());
        REQUIRE(signer->refresh().ok());
    }
    void publish(const std::string& text) {
        REQUIRE(writer->replace(DocumentKind::now, writer->next_number(DocumentKind::now), text).ok());
    }
    std::string file(const std::string& name) { return *disk.read(folder.path() / "release" / name, 1 << 20); }
    // The next root, by these root keys, for the server's keys as they are or as they are to be.
    std::string root(const std::vector<SecretKey>& named, const std::vector<SecretKey>& signers, bool next_keys = false) {
        const KeyState state = signer->key_state();
        std::map<Role, Signers> roles;
        for (const SecretKey& key : named)
            roles[Role::root].keys.push_back(ed25519_key(key.public_key()));
        for (const auto& [role, key] : next_keys ? *state.next : state.keys)
            roles[role] = {{key}, 1};
        std::string bytes = compose_root(state.root_version + 1, clock.wall() + 365 * one_day, roles);
        for (const SecretKey& key : signers)
            bytes = *with_signature(bytes, key);
        return bytes;
    }
};

// A screen that reads the office's folder.
struct Screen {
    TemporaryFolder folder;
    SystemDisk disk;
    TrustStore store{disk, folder.path()};
    Client client{store};

    explicit Screen(Office& office) {
        REQUIRE(store.prepare().ok());
        REQUIRE(store.write(Role::root, 1, office.file("1.root.json")).ok());
    }
    std::string refresh(Office& office) {
        client.begin(office.clock.wall());
        while (const auto wanted = client.wanted()) {
            auto bytes = disk.read(office.folder.path() / "release" / wanted->name, wanted->most);
            if (bytes)
                client.received(std::move(*bytes));
            else
                client.absent();
        }
        return client.refusal() ? to_error(*client.refusal()).message : "";
    }
};

} // namespace

TEST_CASE("a new server signs from its first second, and a screen follows every publication") {
    Office office;
    Screen screen(office);
    CHECK(office.signer->key_state().provisional);
    CHECK(screen.refresh(office) == "");
    CHECK_FALSE(index_of(*screen.client.targets())->now);
    for (int i = 1; i <= 3; ++i) {
        office.publish("text " + std::to_string(i));
        CHECK(screen.refresh(office) == "");
        CHECK(*index_of(*screen.client.targets()) == office.writer->index());
        CHECK(index_of(*screen.client.targets())->now->number == i);
    }
    CHECK(screen.client.timestamp()->signed_at == office.clock.wall());
    struct stat status {};
    REQUIRE(stat((office.folder.path() / "keys" / "timestamp.key").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("a restart goes on where it was and signs nothing that is signed") {
    Office office;
    office.publish("text");
    const std::string before = office.file("timestamp.json");
    office.start();
    CHECK(office.file("timestamp.json") == before);
    Screen screen(office);
    CHECK(screen.refresh(office) == "");
}

TEST_CASE("what grows old is signed anew before it expires") {
    Office office;
    office.publish("text");
    Screen screen(office);
    REQUIRE(screen.refresh(office) == "");
    CHECK_FALSE(*office.signer->refresh());
    office.clock.advance(one_day);
    CHECK(*office.signer->refresh());
    CHECK(screen.refresh(office) == "");
    CHECK(screen.client.timestamp()->signed_at == office.clock.wall());
    for (int week = 0; week < 60; ++week) {
        office.clock.advance(7 * one_day);
        REQUIRE(office.signer->refresh().ok());
        REQUIRE(screen.refresh(office) == "");
    }
    CHECK(screen.client.targets()->version > 1);
}

TEST_CASE("an administrator takes over the provisional root, and the server forgets its own") {
    Office office;
    office.publish("text");
    Screen screen(office);
    REQUIRE(screen.refresh(office) == "");
    const SecretKey ours = numbered_key(1), stranger = numbered_key(2);
    CHECK_FALSE(office.signer->take_root(office.root({ours}, {stranger})).ok());
    REQUIRE(office.signer->take_root(office.root({ours}, {ours})).ok());
    CHECK_FALSE(office.signer->key_state().provisional);
    CHECK_FALSE(office.disk.exists(office.folder.path() / "keys" / "provisional-root.key"));
    office.publish("more");
    CHECK(screen.refresh(office) == "");
    CHECK(screen.client.root()->version == 2);

    SECTION("from then on only that key signs roots") {
        CHECK_FALSE(office.signer->take_root(office.root({stranger}, {stranger})).ok());
        CHECK_FALSE(office.signer->take_root(office.root({stranger}, {ours})).ok());
        CHECK(office.signer->key_state().root_version == 2);
    }
    SECTION("the root key is rotated by old and new") {
        REQUIRE(office.signer->take_root(office.root({stranger}, {ours, stranger})).ok());
        CHECK_FALSE(office.signer->take_root(office.root({ours}, {ours})).ok());
        CHECK(screen.refresh(office) == "");
        CHECK(screen.client.root()->version == 3);
    }
    SECTION("the server's keys are rotated, and what they signed before counts no more") {
        const std::string stolen = office.file("timestamp.json");
        REQUIRE(office.signer->prepare_rotation().ok());
        const auto next = office.signer->key_state().next;
        REQUIRE(next);
        CHECK(*office.signer->prepare_rotation()->next == *next);
        REQUIRE(office.signer->take_root(office.root({ours}, {ours}, true)).ok());
        CHECK(office.signer->key_state().keys == *next);
        CHECK_FALSE(office.signer->key_state().next);
        CHECK(screen.refresh(office) == "");
        office.start();
        CHECK(office.signer->key_state().keys == *next);
        office.publish("by the new keys");
        CHECK(screen.refresh(office) == "");
        REQUIRE(write_durably(office.disk, office.folder.path() / "release" / "timestamp.json", stolen).ok());
        CHECK(screen.refresh(office).find("[signatures]") != std::string::npos);
        REQUIRE(office.signer->prepare_rotation().ok());
        CHECK(*office.signer->key_state().next != *next);
    }
    SECTION("a root that names other keys than the server's is refused") {
        std::map<Role, Signers> roles;
        for (const Role role : {Role::root, Role::targets, Role::snapshot, Role::timestamp})
            roles[role] = {{ed25519_key(ours.public_key())}, 1};
        const auto refused = office.signer->take_root(*with_signature(compose_root(3, office.clock.wall() + one_day, roles), ours));
        REQUIRE_FALSE(refused.ok());
        CHECK(refused.error().message.find("this server's keys") != std::string::npos);
    }
}

TEST_CASE("a cut between a new root and the keys that it names is mended at the next start") {
    Office office;
    office.publish("text");
    Screen screen(office);
    REQUIRE(screen.refresh(office) == "");
    const SecretKey ours = numbered_key(1);
    REQUIRE(office.signer->take_root(office.root({ours}, {ours})).ok());
    REQUIRE(office.signer->prepare_rotation().ok());
    const auto next = *office.signer->key_state().next;
    const std::string root = office.root({ours}, {ours}, true);
    REQUIRE(write_durably(office.disk, office.folder.path() / "release" / "3.root.json", root).ok()); // and then the plug
    office.start();
    CHECK(office.signer->key_state().keys == next);
    CHECK(screen.refresh(office) == "");
    CHECK(screen.client.root()->version == 3);
}

TEST_CASE("keys and roots that do not belong together stop the start instead of confusing the screens") {
    Office office;
    REQUIRE(office.disk.remove(office.folder.path() / "keys" / "snapshot.key").ok());
    const auto opened = SignedRelease::open(office.disk, office.folder.path() / "release", office.folder.path() / "keys", office.clock);
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().message.find("backup") != std::string::npos);
}

TEST_CASE("a disk that cannot be looked at once costs neither keys nor roots nor versions") {
    UnreadableDisk disk;
    FakeClock clock;
    int nth = 0;
    for (bool struck = true; struck; ++nth) {
        TemporaryFolder folder;
        const Path release = folder.path() / "release", keys = folder.path() / "keys";
        const auto start = [&]() -> Result<void> {
            CAPSULE_TRY(signer, SignedRelease::open(disk, release, keys, clock));
            CAPSULE_TRY(writer, ReleaseWriter::open(disk, release, clock));
            CAPSULE_CHECK(writer->sign_with(*signer));
            CAPSULE_TRY(written, writer->replace(DocumentKind::now, writer->next_number(DocumentKind::now), R"({"a":1})"));
            (void)written;
            return {};
        };
        REQUIRE(start().ok());
        REQUIRE(start().ok());
        std::map<std::string, std::string> before;
        for (const std::string name : {"release/1.root.json", "release/1.targets.json", "release/2.targets.json", "keys/targets.key",
                                       "keys/snapshot.key", "keys/timestamp.key", "keys/provisional-root.key"})
            before[name] = *disk.read(folder.path() / name, 1 << 20);
        disk.arm(nth);
        (void)start();
        struck = disk.struck();
        disk.disarm();
        CAPTURE(nth);
        for (const auto& [name, bytes] : before) {
            CAPTURE(name);
            CHECK(*disk.read(folder.path() / name, 1 << 20) == bytes);
        }
        REQUIRE(start().ok());
        const auto timestamp = parse_metadata(*disk.read(release / "timestamp.json", 1 << 20), Role::timestamp, "");
        CHECK(std::get<Metadata>(timestamp).version >= 4);
        CHECK(parse_release_index(*disk.read(release / "index.json", 1 << 20))->now->number >= 3);
    }
    CHECK(nth > 10);
}

TEST_CASE("a trusted root that cannot be read is no reason to trust anew") {
    Office office;
    UnreadableDisk disk;
    TemporaryFolder folder;
    TrustStore store(disk, folder.path());
    REQUIRE(store.prepare().ok());
    REQUIRE(store.write(Role::root, 1, office.file("1.root.json")).ok());
    disk.arm(0);
    CHECK_FALSE(store.read(Role::root).ok());
    disk.arm(0);
    CHECK(store.has_root());
    CHECK(disk.struck());
    disk.arm(0);
    Client client(store);
    CHECK(client.begin(office.clock.wall())); // the copy stands in
    CHECK(disk.struck());
    disk.disarm();
    CHECK(store.read(Role::root)->has_value());
}

TEST_CASE("a timestamp of a time that has not come yet, by a clock that was wrong, is signed anew") {
    Office office;
    office.clock.advance(std::chrono::hours(24 * 3650));
    REQUIRE(*office.signer->refresh());
    office.clock.set_wall(office.clock.wall() - std::chrono::hours(24 * 3650));
    REQUIRE(*office.signer->refresh());
    const auto timestamp = parse_metadata(office.file("timestamp.json"), Role::timestamp, "");
    CHECK(*std::get<Metadata>(timestamp).signed_at <= office.clock.wall());
    CHECK_FALSE(*office.signer->refresh());
}

TEST_CASE("names of metadata files are recognised, and nothing else") {
    CHECK(parse_metadata_file_name("timestamp.json")->role == "timestamp");
    CHECK(parse_metadata_file_name("12.targets.json")->version == 12);
    for (const char* name : {"", "root.json", "0.root.json", "01.root.json", "-1.root.json", "1.timestamp.json", "1.root.json.", "1..root.json",
                             "99999999999999999999.root.json", "../1.root.json", "+1.root.json"})
        CHECK_FALSE(parse_metadata_file_name(name));
}
