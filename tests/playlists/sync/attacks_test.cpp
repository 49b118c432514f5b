// A hostile server against a whole screen: whatever it does, what was in force stays, the reason is reported by its code, and once
// an honest server answers again the screen follows without anybody's hands.
#include "playlists/sync/executor.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/playlists/release/repository_simulator.hpp"
#include "tests/playlists/sync/test_source.hpp"

#include <fstream>
#include <iterator>

using namespace capsule;
using namespace capsule::sync;
using tuf::Role;

namespace {

const std::vector<Role> all_above_root = {Role::targets, Role::snapshot, Role::timestamp};

// The honest server of a fleet, and what anybody on the way makes of its answers.
struct World {
    FaultyHttpServer server;
    tuf::Repository repository;
    TestRelease release;
    FakeClock clock;
    SystemDisk disk;
    TemporaryFolder folder;
    SeededRandom random{5};
    State state;
    KnownTime known; // of the time; the floor only rises, as a screen's does
    TrustSettings trust;

    World() {
        trust.known_time = [this] { return known; };
        trust.signed_time = [this](Instant signed_at) { known.floor = std::max(known.floor, signed_at); };
        release.add_capsule("une", std::string(3000, '1'));
        seal();
        repository.publish(all_above_root);
        serve();
        REQUIRE(sync().index == release.index);
        before = pointer();
    }
    // The documents as the release now stands, announced by targets the next time they are published.
    void seal() {
        release.seal();
        repository.targets.clear();
        for (const DocumentKind kind : all_document_kinds) {
            const auto& entry = *release.index.entry(kind);
            repository.targets[std::string(to_string(kind)) + ".json"] = {entry.bytes, entry.sha256.hex(), entry.number};
        }
    }
    // Something new that the screen would take if it were honest.
    void change() {
        ++release.release.programme.number;
        ++release.release.fleet.number;
        ++release.release.now.number;
        release.add_capsule("capsule-" + std::to_string(release.release.programme.number), std::string(4000, '2'));
        seal();
    }
    void serve() {
        for (const auto& [name, bytes] : release.documents)
            server.put("/release/" + name, bytes, "application/json");
        for (const auto& [digest, bytes] : release.blobs)
            server.put("/blobs/" + digest, bytes);
        for (const auto& [name, bytes] : repository.files)
            server.put("/release/" + name, bytes, "application/json");
    }
    // A few polls of a screen that was started anew.
    ActiveRelease sync() {
        HttpSource source(server.address(), impatient());
        ActiveStore active(disk, folder.path());
        Store store(disk, folder.path());
        auto beginning = begin(active, store, test_device);
        REQUIRE(beginning.ok());
        Engine engine({.device = test_device}, random, beginning->loaded.active, beginning->held);
        Executor executor(source, active, store, clock, trust);
        for (int attempt = 0; attempt < 4; ++attempt) {
            run_until_idle(engine, executor, clock);
            clock.advance(std::chrono::seconds(2));
        }
        state = engine.state();
        return engine.active();
    }
    std::string pointer() const {
        std::ifstream file(folder.path() / "active.json");
        return {std::istreambuf_iterator<char>(file), {}};
    }
    // The screen is attacked; nothing must come of it.
    void attack(Trouble trouble, const std::string& code) {
        const auto active = sync();
        CHECK(pointer() == before);
        CHECK(active.release->programme.capsules.size() == 1);
        CHECK(to_string(state.problem.trouble) == std::string(to_string(trouble)));
        CAPTURE(state.problem.detail);
        CHECK(state.problem.detail.find(code) != std::string::npos);
    }
    // An honest server again, with something new.
    void recover() {
        server.answer_with({});
        server.spoil({});
        change();
        repository.publish(all_above_root);
        serve();
        CHECK(sync().index == release.index);
        CHECK(state.problem.trouble == Trouble::none);
        CHECK(state.up_to_date);
    }
    std::string before;
};

} // namespace

TEST_CASE("attack: a programme that strangers have signed is not installed") {
    World world;
    const auto honest = world.repository.roles;
    world.change();
    for (const Role role : all_above_root)
        world.repository.roles[role].signers = {tuf::numbered_key(66)};
    world.repository.publish(all_above_root);
    world.serve();
    world.attack(Trouble::untrusted, "[signatures]");
    for (const Role role : all_above_root)
        world.repository.roles[role].signers = honest.at(role).signers;
    world.recover();
}

TEST_CASE("attack: no role is rolled back") {
    World world;
    const auto honest = world.repository.files;
    SECTION("timestamp") {
        world.repository.forget(Role::timestamp, 0);
        world.repository.publish({Role::timestamp});
    }
    SECTION("snapshot") {
        world.repository.forget(Role::snapshot, 0);
        world.repository.publish({Role::snapshot, Role::timestamp});
    }
    SECTION("targets") {
        world.repository.forget(Role::targets, 0);
        world.repository.publish({Role::targets, Role::snapshot, Role::timestamp});
    }
    SECTION("root") {
        world.repository.files["2.root.json"] = world.repository.files["1.root.json"];
    }
    world.serve();
    world.attack(Trouble::untrusted, "[rollback]");
    world.server.remove("/release/2.root.json");
    world.repository.files = honest;
    for (const Role role : all_above_root)
        world.repository.forget(role, 5);
    world.recover();
}

TEST_CASE("attack: a server that holds news back is noticed when what it says is out of date") {
    World world;
    world.clock.advance(40 * tuf::one_day);
    world.attack(Trouble::stale, "[expired]");
    for (const Role role : all_above_root)
        world.repository.roles[role].expires = world.clock.wall() + 30 * tuf::one_day;
    world.repository.roles[Role::root].expires = world.clock.wall() + 30 * tuf::one_day;
    world.repository.publish({Role::root});
    world.recover();
}

TEST_CASE("attack: a clock that lost the time does not make old metadata young") {
    World world;
    world.repository.roles[Role::timestamp].expires = tuf::simulated_now - tuf::one_day; // of before what was verified already
    world.repository.publish({Role::timestamp});
    world.serve();
    world.clock.set_wall(instant_from_ms(0));
    world.attack(Trouble::stale, "[expired]");
    world.repository.roles[Role::timestamp].expires = tuf::simulated_now + 30 * tuf::one_day;
    world.recover();
}

TEST_CASE("attack: held back metadata grow old on a screen whose wall clock stands still, by what else it knows of the time") {
    World world;
    world.clock.set_wall(instant_from_ms(0));
    SECTION("that it is later than some day") {
        world.known.floor = tuf::simulated_now + 40 * tuf::one_day;
    }
    SECTION("what time it is") {
        world.known.utc = tuf::simulated_now + 40 * tuf::one_day;
    }
    world.attack(Trouble::stale, "[expired]");
    for (const Role role : {Role::root, Role::targets, Role::snapshot, Role::timestamp})
        world.repository.roles[role].expires = tuf::simulated_now + 70 * tuf::one_day;
    world.repository.publish({Role::root});
    world.recover();
}

TEST_CASE("a wall clock that runs ahead locks nothing out once the time is known") {
    World world;
    world.clock.set_wall(tuf::simulated_now + 20 * 365 * tuf::one_day);
    world.attack(Trouble::stale, "[expired]");
    world.known.utc = tuf::simulated_now + tuf::one_day;
    world.recover();
}

TEST_CASE("the time of a signature is told once it is verified, and at a start before anybody is asked") {
    World world;
    CHECK(world.known.floor == tuf::simulated_now);
    const auto honest = world.repository.roles[Role::timestamp].signers;
    world.repository.bend = [](Role role, nlohmann::json& body) {
        if (role == Role::timestamp)
            body["x-signed-at"] = to_rfc3339(tuf::simulated_now + tuf::one_day);
    };
    world.repository.roles[Role::timestamp].signers = {tuf::numbered_key(66)};
    world.repository.publish({Role::timestamp});
    world.serve();
    world.attack(Trouble::untrusted, "[signatures]");
    CHECK(world.known.floor == tuf::simulated_now);
    world.repository.roles[Role::timestamp].signers = honest;
    world.recover();
    CHECK(world.known.floor == tuf::simulated_now + tuf::one_day);

    world.known = {};
    std::vector<Instant> floors;
    world.server.answer_with([&](const FaultyHttpServer::Request&) {
        floors.push_back(world.known.floor);
        FaultyHttpServer::Answer answer;
        answer.status = 503;
        return answer;
    });
    world.sync();
    REQUIRE_FALSE(floors.empty());
    CHECK(floors.front() == tuf::simulated_now + tuf::one_day);
}

TEST_CASE("a server whose clock ran ahead for a while locks out no screen once it is right again") {
    World world;
    const std::string before = world.repository.files.at("timestamp.json");
    const int years = GENERATE(2, 20); // the root expires in between
    world.repository.bend = [years](Role role, nlohmann::json& body) {
        if (role == Role::timestamp)
            body["x-signed-at"] = to_rfc3339(tuf::simulated_now + years * 365 * tuf::one_day);
        if (role != Role::root)
            body["expires"] = to_rfc3339(tuf::simulated_now + (years + 1) * 365 * tuf::one_day);
    };
    world.repository.roles[Role::root].expires = tuf::simulated_now + 10 * 365 * tuf::one_day;
    world.change();
    world.repository.publish({Role::root, Role::targets, Role::snapshot, Role::timestamp});
    world.serve();
    REQUIRE(world.sync().index == world.release.index); // taken: it is rightly signed and in date
    world.before = world.pointer();
    world.repository.bend = {};
    SECTION("the server is put right") {
    }
    SECTION("and the screen has lost the time") {
        world.clock.set_wall(instant_from_ms(0));
    }
    SECTION("an older timestamp does not pass for a correction") {
        world.clock.set_wall(instant_from_ms(0));
        world.server.put("/release/timestamp.json", before, "application/json");
        const auto active = world.sync();
        CHECK(world.pointer() == world.before);
        CHECK(to_string(world.state.problem.trouble) == std::string(to_string(Trouble::untrusted)));
        CHECK(world.state.problem.detail.find("[rollback]") != std::string::npos);
    }
    world.recover();
    SECTION("afterwards what is out of date is refused as before") {
        world.clock.advance(40 * tuf::one_day);
        world.sync();
        CHECK(world.state.problem.trouble == Trouble::stale);
    }
}

TEST_CASE("attack: metadata of different moments cannot be mixed") {
    World world;
    const std::string old_targets = world.repository.newest(Role::targets);
    world.change();
    world.repository.publish(all_above_root);
    const std::string name = std::to_string(world.repository.roles[Role::targets].version) + ".targets.json";
    const std::string honest = world.repository.files.at(name);
    world.repository.files[name] = old_targets;
    world.serve();
    world.attack(Trouble::untrusted, "[mismatch]");
    world.repository.files[name] = honest;
    world.recover();
}

TEST_CASE("attack: versions that were driven up with stolen keys come down when the keys are rotated") {
    World world;
    world.repository.forget(Role::timestamp, 999'999'999);
    world.repository.forget(Role::snapshot, 999'999'999);
    world.repository.publish({Role::snapshot, Role::timestamp});
    world.serve();
    world.sync(); // taken: it is rightly signed
    world.repository.files.erase("1000000000.snapshot.json");
    world.repository.forget(Role::timestamp, 10);
    world.repository.forget(Role::snapshot, 10);
    world.change();
    world.repository.publish(all_above_root);
    world.serve();
    world.attack(Trouble::untrusted, "[rollback]"); // the honest server itself is refused now
    for (const Role role : {Role::timestamp, Role::snapshot})
        world.repository.rotate(role, role == Role::timestamp ? 70 : 71);
    world.repository.publish({Role::root});
    world.recover();
}

TEST_CASE("attack: numbers of documents that were driven up with stolen keys come down when the keys are rotated") {
    World world;
    const TestRelease clean = world.release; // the backup
    for (std::int64_t* number : {&world.release.release.programme.number, &world.release.release.fleet.number, &world.release.release.now.number})
        *number = 999'999'999;
    world.change();
    world.repository.publish(all_above_root);
    world.serve();
    REQUIRE(world.sync().index == world.release.index); // taken: it is rightly signed
    world.release = clean;
    SECTION("by the same keys a lower number is not taken") {
        world.seal();
        world.repository.publish(all_above_root);
        world.serve();
        CHECK(world.sync().index.programme->number == 1'000'000'000);
        CHECK(world.state.problem.trouble == Trouble::older);
    }
    for (const Role role : all_above_root)
        world.repository.rotate(role, 60 + static_cast<int>(role));
    world.repository.publish({Role::root});
    world.recover();
}

TEST_CASE("attack: answers without end cost a bounded number of bytes") {
    World world;
    const std::string honest = world.repository.files.at("timestamp.json");
    SECTION("the timestamp") {
        world.repository.files["timestamp.json"] = std::string(20'000'000, ' ');
        world.serve();
        world.attack(Trouble::untrusted, "[too-large]");
    }
    SECTION("the next root") {
        world.server.put("/release/2.root.json", std::string(20'000'000, ' '), "application/json");
        world.attack(Trouble::untrusted, "[too-large]");
        world.server.remove("/release/2.root.json");
    }
    SECTION("a document") {
        world.change();
        world.repository.publish(all_above_root);
        world.serve();
        for (const auto& [name, bytes] : world.release.documents)
            world.server.put("/release/" + name, bytes + std::string(20'000'000, ' '), "application/json");
        world.attack(Trouble::not_a_release, "larger than");
    }
    CHECK(world.server.body_bytes_sent() < 60'000'000);
    world.repository.files["timestamp.json"] = honest;
    world.recover();
}

TEST_CASE("an object store that denies what it lacks is a source like any other") {
    World world;
    const std::size_t words = GENERATE(40, 40'000);
    world.server.spoil([words](const FaultyHttpServer::Request&, FaultyHttpServer::Answer& answer) {
        if (answer.status == 404)
            answer = {403, {{"Content-Type", "application/xml"}}, std::string(words, ' '), {}, false, {}, 0};
    });
    world.change();
    world.repository.publish(all_above_root);
    world.serve();
    SECTION("of a root") {
        CHECK(world.sync().index == world.release.index);
        CHECK(world.state.problem.trouble == Trouble::none);
        world.before = world.pointer();
    }
    SECTION("of a blob, which holds up no other") {
        std::string lacking;
        for (const auto& [digest, bytes] : world.release.blobs)
            if (bytes.front() == '2')
                world.server.remove("/blobs/" + (lacking = digest));
        world.release.add_capsule("derniere", std::string(9000, '3')); // larger, so it is asked for after that one
        world.seal();
        world.repository.publish(all_above_root);
        world.serve();
        world.server.remove("/blobs/" + lacking);
        CHECK(world.sync().index.programme->number == 1);
        CHECK(world.state.problem.trouble == Trouble::incomplete);
        CHECK(world.state.blobs_missing == 1);
    }
    world.recover();
}

TEST_CASE("attack: a root that is denied is not hidden for long") {
    World world;
    const std::string old = world.repository.files.at("timestamp.json");
    for (const Role role : all_above_root)
        world.repository.rotate(role, 60 + static_cast<int>(role));
    world.change();
    world.repository.publish_all();
    world.serve();
    world.server.spoil([](const FaultyHttpServer::Request& request, FaultyHttpServer::Answer& answer) {
        if (request.target == "/release/2.root.json")
            answer = {403, {}, "", {}, false, {}, 0};
    });
    SECTION("what its keys have signed is not taken, and the reason says so") {
        world.attack(Trouble::untrusted, "[signatures]");
        CHECK(world.state.problem.detail.find("2.root.json answers 403") != std::string::npos);
    }
    SECTION("what older keys had signed grows out of date") {
        world.server.put("/release/timestamp.json", old, "application/json");
        world.clock.advance(40 * tuf::one_day);
        world.attack(Trouble::stale, "[expired]");
        for (const Role role : all_above_root)
            world.repository.roles[role].expires = world.clock.wall() + 30 * tuf::one_day;
        world.repository.roles[Role::root].expires = world.clock.wall() + 30 * tuf::one_day;
        world.repository.publish({Role::root});
    }
    world.recover();
}

TEST_CASE("a server that denies everything is no release") {
    World world;
    world.server.answer_with([](const FaultyHttpServer::Request&) {
        return FaultyHttpServer::Answer{403, {}, std::string(100'000, 'x'), {}, false, {}, 0};
    });
    world.attack(Trouble::not_a_release, "answers 403");
    world.recover();
}

TEST_CASE("attack: stolen keys are of no use once they are rotated") {
    World world;
    const auto stolen = world.repository.roles;
    for (const Role role : all_above_root)
        world.repository.rotate(role, 80 + static_cast<int>(role));
    world.repository.roles[Role::root].keys = {tuf::numbered_key(90)};
    world.repository.roles[Role::root].signers = {tuf::numbered_key(0), tuf::numbered_key(90)};
    world.repository.publish_all();
    world.serve();
    REQUIRE(world.sync().index == world.release.index);
    const auto honest = world.repository.roles;
    world.change();
    for (const Role role : all_above_root)
        world.repository.roles[role].signers = stolen.at(role).signers;
    SECTION("those of the server") {
        world.repository.publish(all_above_root);
    }
    SECTION("the root key too") {
        world.repository.roles[Role::root].signers = stolen.at(Role::root).signers;
        world.repository.roles[Role::root].keys = stolen.at(Role::root).keys;
        world.repository.publish_all();
    }
    world.serve();
    world.attack(Trouble::untrusted, "[signatures]");
    const std::int64_t root = world.repository.roles[Role::root].version;
    world.server.remove("/release/" + std::to_string(root) + ".root.json");
    if (root == 3)
        world.repository.files.erase("3.root.json");
    for (const Role role : all_above_root)
        world.repository.roles[role].signers = honest.at(role).signers;
    world.recover();
}

TEST_CASE("attack: one signature many times is no threshold") {
    World world;
    world.repository.roles[Role::timestamp].threshold = 2;
    world.repository.roles[Role::timestamp].keys.push_back(tuf::numbered_key(33));
    world.repository.publish({Role::root});
    world.change();
    world.repository.publish(all_above_root);
    auto document = nlohmann::json::parse(world.repository.newest(Role::timestamp));
    document["signatures"].push_back(document["signatures"][0]);
    world.repository.put(Role::timestamp, document.dump());
    world.serve();
    world.attack(Trouble::not_a_release, "[malformed]");
    document["signatures"][1]["keyid"] = tuf::key_id(tuf::ed25519_key(tuf::numbered_key(33).public_key()));
    world.repository.put(Role::timestamp, document.dump());
    world.serve();
    world.attack(Trouble::untrusted, "[signatures]");
    world.repository.roles[Role::timestamp].signers.push_back(tuf::numbered_key(33));
    world.recover();
}

TEST_CASE("attack: names that climb out of the folder lead nowhere") {
    World world;
    world.change();
    for (const char* name : {"../../../tmp/capsule-attack", "/tmp/capsule-attack", "..", "programme.json/../now.json", "active.json"})
        world.repository.targets[name] = {4, sha256("evil").hex(), 1};
    world.repository.publish(all_above_root);
    world.server.put("/release/" + sha256("evil").hex() + ".active.json", "evil");
    world.serve();
    CHECK(world.sync().index == world.release.index); // the honest part is taken, the rest is nobody's
    for (const auto& request : world.server.requests())
        CHECK(request.target.find("..") == std::string::npos);
    CHECK_FALSE(std::filesystem::exists("/tmp/capsule-attack"));
    world.recover();
}

TEST_CASE("attack: bombs of JSON are refused") {
    World world;
    const std::string honest = world.repository.files.at("timestamp.json");
    const std::string bomb = GENERATE(std::string(15'000, '['), std::string("{\"a\":1e999999}"), std::string(R"({"signed":{},"signed":{}})"));
    world.repository.files["timestamp.json"] = bomb;
    world.serve();
    world.attack(Trouble::not_a_release, "[malformed]");
    world.repository.files["timestamp.json"] = honest;
    world.recover();
}

TEST_CASE("attack: a film of the same length in the place of another does not play") {
    World world;
    const auto honest_blobs = world.release.blobs;
    world.change();
    world.repository.publish(all_above_root);
    world.serve();
    for (const auto& [digest, bytes] : world.release.blobs)
        if (!honest_blobs.contains(digest))
            world.server.put("/blobs/" + digest, std::string(bytes.size(), 'X'));
    const auto active = world.sync();
    CHECK(active.release->programme.capsules.size() == 1);
    CHECK(active.index.programme->number == 1);
    CHECK_FALSE(world.state.up_to_date);
    CHECK(world.state.problem.trouble != Trouble::none);
    world.recover();
}

TEST_CASE("attack: data of another fleet or another screen are not taken for one's own") {
    World world;
    const auto honest = world.repository.roles;
    world.change();
    SECTION("another fleet's release, rightly signed there") {
        int number = 40;
        for (const Role role : {Role::root, Role::targets, Role::snapshot, Role::timestamp})
            world.repository.rotate(role, number++);
        world.repository.publish_all();
        world.serve();
        world.attack(Trouble::untrusted, "[signatures]");
        world.server.remove("/release/2.root.json");
        world.repository.files.erase("2.root.json");
        world.repository.roles = honest;
        for (const Role role : all_above_root)
            world.repository.forget(role, 5);
    }
    SECTION("one document in the place of another") {
        world.repository.publish(all_above_root);
        world.serve();
        for (const DocumentKind kind : all_document_kinds)
            world.server.put("/release/" + document_file_name(kind, world.release.index.entry(kind)->sha256),
                             world.release.text(kind == DocumentKind::now ? DocumentKind::fleet : DocumentKind::now), "application/json");
        const auto active = world.sync();
        CHECK(world.pointer() == world.before);
        CHECK(world.state.problem.trouble == Trouble::not_a_release);
    }
    world.recover();
}

TEST_CASE("a trusted root that has rotted on the own disk stops nothing, and when no copy is left the disk is blamed, not the server") {
    World world;
    const Path trust = world.folder.path() / "trust";
    const auto spoil = [&](const Path& file) { REQUIRE(write_durably(world.disk, file, "rotten").ok()); };
    spoil(trust / "root.json");
    SECTION("one copy is left") {
        world.recover();
    }
    SECTION("none is left") {
        spoil(trust / "root_history" / "1.root.json");
        world.attack(Trouble::disk_failed, "[malformed]");
        CHECK(world.state.problem.detail.find(trust.string()) != std::string::npos);
        std::filesystem::remove_all(trust); // as the message says
        world.recover();
    }
}
