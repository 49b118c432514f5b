// The client workflow against a repository that does well, badly, or evil. The cases are those that other implementations are held to.
#include "tests/playlists/release/repository_simulator.hpp"

using namespace capsule;
using namespace capsule::tuf;
using Versions = std::vector<std::int64_t>;
using Names = std::vector<std::string>;

namespace {
const std::vector<Role> above_root = {Role::targets, Role::snapshot, Role::timestamp};
}

TEST_CASE("a first refresh asks for each role once and keeps what it trusts, byte for byte") {
    Repository repository;
    repository.files["timestamp.json"] += " "; // a serialisation of its own
    Machine machine(repository.newest(Role::root));
    CHECK(machine.refresh(repository) == "");
    CHECK(repository.requests == Names{"2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"});
    CHECK(machine.kept(Role::timestamp) == repository.files["timestamp.json"]);
    for (const Role role : {Role::root, Role::snapshot, Role::targets})
        CHECK(machine.kept(role) == repository.newest(role));
    CHECK(std::filesystem::exists(machine.folder() / "root_history" / "1.root.json") == true);
}

TEST_CASE("a refresh with nothing new asks for the next root and the timestamp only, and writes nothing") {
    Repository repository;
    Machine machine(repository.newest(Role::root));
    REQUIRE(machine.refresh(repository) == "");
    const auto written = std::filesystem::last_write_time(machine.folder() / "timestamp.json");
    CHECK(machine.refresh(repository) == "");
    CHECK(repository.requests == Names{"2.root.json", "timestamp.json"});
    CHECK(std::filesystem::last_write_time(machine.folder() / "timestamp.json") == written);
}

TEST_CASE("a root that is damaged or not signed by its own keys is trusted by nobody, and no request is made") {
    Repository repository;
    nlohmann::json root = nlohmann::json::parse(repository.newest(Role::root));
    SECTION("no version") {
        root["signed"].erase("version");
        Machine machine(root.dump());
        CHECK(machine.refresh(repository) == "malformed");
        CHECK(std::get<Refusal>(parse_first_root(root.dump())).reason == Reason::malformed);
    }
    SECTION("another signature") {
        root["signatures"][0]["sig"] = std::string(128, 'a');
        Machine machine(root.dump());
        CHECK(machine.refresh(repository) == "signatures");
        CHECK(std::get<Refusal>(parse_first_root(root.dump())).reason == Reason::signatures);
    }
    CHECK(repository.requests.empty());
}

TEST_CASE("a trusted root that has rotted or gone comes back from its history, the newest that holds") {
    Repository repository;
    Machine machine(repository.newest(Role::root));
    repository.publish({Role::root});
    REQUIRE(machine.refresh(repository) == "");
    const std::string trusted = machine.kept(Role::root);
    SystemDisk disk;
    const auto spoil = [&](const std::string& name) {
        REQUIRE(write_durably(disk, machine.folder() / name, trusted.substr(0, trusted.size() / 2)).ok());
    };
    SECTION("rotten") {
        spoil("root.json");
        CHECK(machine.refresh(repository) == "");
        CHECK(machine.kept(Role::root) == trusted);
        CHECK(repository.requests.front() == "3.root.json");
    }
    SECTION("gone") {
        REQUIRE(disk.remove(machine.folder() / "root.json").ok());
        CHECK(TrustStore(disk, machine.folder()).has_root());
        CHECK(machine.refresh(repository) == "");
        CHECK(machine.kept(Role::root) == trusted);
    }
    SECTION("its newest copy is rotten too: from the one before the chain is followed again") {
        spoil("root.json");
        spoil("root_history/2.root.json");
        CHECK(machine.refresh(repository) == "");
        CHECK(machine.kept(Role::root) == trusted);
        CHECK(repository.requests.front() == "2.root.json");
    }
    SECTION("all are rotten") {
        for (const char* name : {"root.json", "root_history/1.root.json", "root_history/2.root.json"})
            spoil(name);
        CHECK(machine.refresh(repository) == "malformed");
        CHECK(repository.requests.empty());
    }
}

TEST_CASE("a role that is not signed is refused, and what came before it is kept") {
    const auto [role, expected] = GENERATE(table<Role, Versions>({{Role::root, {1, 0, 0, 0}},
                                                                   {Role::timestamp, {2, 0, 0, 0}},
                                                                   {Role::snapshot, {2, 2, 0, 0}},
                                                                   {Role::targets, {2, 2, 2, 0}}}));
    Repository repository;
    Machine machine(repository.newest(Role::root));
    repository.roles[role].signers.clear();
    repository.publish_all();
    CHECK(machine.refresh(repository) == "signatures");
    CHECK(machine.versions() == expected);
}

TEST_CASE("metadata whose version is not the one of their name are refused") {
    const auto [role, expected] = GENERATE(
        table<Role, Versions>({{Role::root, {1, 0, 0, 0}}, {Role::snapshot, {2, 2, 0, 0}}, {Role::targets, {2, 2, 2, 0}}}));
    Repository repository;
    Machine machine(repository.newest(Role::root));
    repository.bend = [role_ = role](Role which, nlohmann::json& body) {
        if (which == role_)
            body["version"] = body["version"].get<int>() + 1;
    };
    repository.publish_all();
    CHECK(machine.refresh(repository) == "mismatch");
    CHECK(machine.versions() == expected);
}

TEST_CASE("a timestamp of the same version changes nothing, whatever it says") {
    Repository repository;
    Machine machine(repository.newest(Role::root));
    REQUIRE(machine.refresh(repository) == "");
    repository.bend = [](Role role, nlohmann::json& body) {
        if (role == Role::timestamp)
            body["meta"]["snapshot.json"]["version"] = 100;
    };
    repository.forget(Role::timestamp, 0);
    repository.publish({Role::timestamp});
    const std::string before = machine.kept(Role::timestamp);
    CHECK(machine.refresh(repository) == "");
    CHECK(repository.requests.back() == "timestamp.json");
    CHECK(machine.kept(Role::timestamp) == before);
}

TEST_CASE("a digest or length that does not hold is refused, and what announced it is kept") {
    Repository repository;
    Machine machine(repository.newest(Role::root));
    REQUIRE(machine.refresh(repository) == "");
    const Role liar = GENERATE(Role::timestamp, Role::snapshot);
    const bool about_length = GENERATE(false, true);
    repository.bend = [=](Role role, nlohmann::json& body) {
        if (role == liar)
            for (auto& [name, entry] : body["meta"].items())
                about_length ? void(entry["length"] = 100'000) : void(entry["hashes"]["sha256"] = std::string(64, '0'));
    };
    repository.publish(above_root);
    CHECK(machine.refresh(repository) == "mismatch");
    CHECK(machine.versions() == (liar == Role::timestamp ? Versions{1, 2, 1, 1} : Versions{1, 2, 2, 1}));
}

TEST_CASE("fields that nobody knows are kept and signed for, in root, in keys and in roles") {
    Repository repository;
    Machine machine(repository.newest(Role::root));
    REQUIRE(machine.refresh(repository) == "");
    repository.bend = [](Role role, nlohmann::json& body) {
        body["x-of-our-own"] = {{"a", 1}, {"b", {"c", nullptr, true}}};
        if (role != Role::root)
            return;
        body["roles"]["root"]["another"] = "value";
        for (auto& [id, key] : body["keys"].items())
            key["keyid_hash_algorithms"] = "md5";
    };
    repository.publish_all();
    CHECK(machine.refresh(repository) == "");
    CHECK(machine.versions() == Versions{2, 2, 2, 2});
    CHECK(machine.kept(Role::targets).find("x-of-our-own") != std::string::npos);
}

TEST_CASE("keys of unknown types and schemes are passed over") {
    Repository repository;
    Machine machine(repository.newest(Role::root));
    repository.bend = [](Role role, nlohmann::json& body) {
        if (role != Role::root)
            return;
        body["keys"]["beef"] = {{"keytype", "lattice"}, {"scheme", "later"}, {"keyval", {{"public", {{"x", 1}}}}}};
        body["keys"]["cafe"] = {{"keytype", "ed25519"}, {"scheme", "ed25519-ph"}, {"keyval", {{"public", std::string(64, 'a')}}}};
        for (const char* one : {"root", "timestamp", "snapshot", "targets"})
            for (const char* id : {"beef", "cafe", "nobody"})
                body["roles"][one]["keyids"].push_back(id);
    };
    repository.publish_all();
    CHECK(machine.refresh(repository) == "");
}

TEST_CASE("a role that is not there ends the refresh, and what announced it is kept") {
    Repository repository;
    Machine machine(repository.newest(Role::root));
    REQUIRE(machine.refresh(repository) == "");
    SECTION("snapshot") {
        repository.publish({Role::snapshot, Role::timestamp});
        repository.files.erase("2.snapshot.json");
        CHECK(machine.refresh(repository) == "missing");
        CHECK(repository.requests.back() == "2.snapshot.json");
        CHECK(machine.versions() == Versions{1, 2, 1, 1});
    }
    SECTION("targets; and they are fetched once they are there") {
        repository.publish(above_root);
        const std::string targets = repository.files.extract("2.targets.json").mapped();
        CHECK(machine.refresh(repository) == "missing");
        CHECK(machine.versions() == Versions{1, 2, 2, 1});
        repository.files["2.targets.json"] = targets;
        CHECK(machine.refresh(repository) == "");
        CHECK(repository.requests == Names{"2.root.json", "timestamp.json", "2.targets.json"});
    }
    SECTION("timestamp") {
        repository.files.erase("timestamp.json");
        CHECK(machine.refresh(repository) == "missing");
    }
}

TEST_CASE("metadata of another role are refused though rightly signed") {
    Repository repository;
    Machine machine(repository.newest(Role::root));
    repository.roles[Role::snapshot].signers.push_back(repository.roles[Role::timestamp].keys.front());
    repository.publish({Role::root, Role::snapshot});
    repository.files["timestamp.json"] = repository.newest(Role::snapshot);
    CHECK(machine.refresh(repository) == "wrong-role");
    CHECK(machine.versions() == Versions{2, 0, 0, 0});
}

TEST_CASE("what has expired is refused, and what came before it is kept") {
    const auto [role, expected] = GENERATE(table<Role, Versions>({{Role::root, {2, 1, 1, 1}},
                                                                   {Role::timestamp, {2, 1, 1, 1}},
                                                                   {Role::snapshot, {2, 2, 1, 1}},
                                                                   {Role::targets, {2, 2, 2, 1}}}));
    Repository repository;
    Machine machine(repository.newest(Role::root));
    REQUIRE(machine.refresh(repository) == "");
    repository.roles[role].expires = simulated_now - one_day;
    repository.publish_all();
    CHECK(machine.refresh(repository) == "expired");
    CHECK(machine.versions() == expected);
    // Nothing by hand: once the repository signs anew, all is well.
    repository.roles[role].expires = simulated_now + 30 * one_day;
    repository.publish_all();
    CHECK(machine.refresh(repository) == "");
}

TEST_CASE("what was trusted and has expired since is replaced by what is newer, or reported") {
    Repository repository;
    Machine machine(repository.newest(Role::root));
    repository.roles[Role::root].expires = repository.roles[Role::timestamp].expires = simulated_now + 7 * one_day;
    repository.publish({Role::root, Role::timestamp});
    REQUIRE(machine.refresh(repository) == "");
    CHECK(machine.refresh(repository, simulated_now + 18 * one_day) == "expired");
    for (const Role role : {Role::root, Role::timestamp})
        repository.roles[role].expires = simulated_now + 21 * one_day;
    SECTION("root first") {
        repository.publish({Role::root});
        CHECK(machine.refresh(repository, simulated_now + 18 * one_day) == "expired"); // the timestamp
        CHECK(machine.version(Role::root) == 3);
    }
    SECTION("both") {
        repository.publish_all();
        CHECK(machine.refresh(repository, simulated_now + 18 * one_day) == "");
        CHECK(machine.versions() == Versions{3, 3, 2, 2});
    }
}

TEST_CASE("more bytes than there can be are refused") {
    Repository repository;
    Machine machine(repository.newest(Role::root), {.roots = 4, .root_bytes = 5000, .timestamp_bytes = 2000});
    REQUIRE(machine.refresh(repository) == "");
    SECTION("of the next root") {
        repository.files["2.root.json"] = std::string(5001, ' ');
    }
    SECTION("of the timestamp") {
        repository.files["timestamp.json"] = std::string(2001, ' ');
    }
    SECTION("of the snapshot, which the timestamp announces") {
        repository.publish(above_root);
        repository.files["2.snapshot.json"] += std::string(10, ' ');
    }
    CHECK(machine.refresh(repository) == "too-large");
}

TEST_CASE("of very many roots only so many are taken at a time, and the rest the next time") {
    Repository repository;
    Machine machine(repository.newest(Role::root), {.roots = 4});
    for (int i = 0; i < 6; ++i)
        repository.publish({Role::root});
    CHECK(machine.refresh(repository) == "");
    CHECK(machine.version(Role::root) == 5);
    CHECK(machine.refresh(repository) == "");
    CHECK(machine.version(Role::root) == 7);
    CHECK(std::filesystem::exists(machine.folder() / "root_history" / "6.root.json"));
}

TEST_CASE("bombs and traps of JSON are refused as malformed") {
    Repository repository;
    Machine machine(repository.newest(Role::root));
    REQUIRE(machine.refresh(repository) == "");
    std::string& timestamp = repository.files["timestamp.json"];
    SECTION("nested without end") {
        timestamp = std::string(8000, '[');
    }
    SECTION("nested deeper than allowed") {
        timestamp = "{\"signed\":" + std::string(100, '[') + std::string(100, ']') + ",\"signatures\":[]}";
    }
    SECTION("a key twice: readers disagree on which counts") {
        timestamp.replace(timestamp.find("\"signed\""), 0, "\"signed\":{},");
    }
    SECTION("a number with a fraction") {
        timestamp.replace(timestamp.find("\"version\":1"), 11, "\"version\":1.0");
    }
    SECTION("a number beyond all bounds") {
        timestamp.replace(timestamp.find("\"version\":1"), 11, "\"version\":99999999999999999999999");
    }
    SECTION("not UTF-8") {
        timestamp.replace(timestamp.find("timestamp"), 1, "\xff");
    }
    SECTION("nothing") {
        timestamp.clear();
    }
    CHECK(machine.refresh(repository) == "malformed");
    CHECK(machine.version(Role::timestamp) == 1);
}
