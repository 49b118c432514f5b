// Thresholds, rotations, rollbacks.
#include "tests/playlists/release/repository_simulator.hpp"

using namespace capsule;
using namespace capsule::tuf;
using Versions = std::vector<std::int64_t>;

namespace {

std::vector<SecretKey> keys(const std::vector<int>& numbers) {
    std::vector<SecretKey> all;
    for (const int number : numbers)
        all.push_back(numbered_key(100 + number));
    return all;
}

struct Plan {
    std::vector<int> keys;
    int threshold;
    std::vector<int> signers;
};

struct RootCase {
    std::string name;
    std::vector<Plan> roots;
    bool good;
};

const std::vector<RootCase> root_cases = {
    {"1 of 1, rotated", {{{1}, 1, {1}}, {{2}, 1, {2, 1}}, {{2}, 1, {2}}}, true},
    {"1 of 1, rotated, signed by others too", {{{1}, 1, {3, 1, 4}}, {{2}, 1, {3, 2, 1, 4}}, {{2}, 1, {3, 2, 4}}}, true},
    {"3 of 5, by several combinations",
     {{{0, 1, 2, 3, 4}, 3, {0, 2, 4}}, {{0, 1, 2, 3, 4}, 3, {0, 4, 1}}, {{0, 1, 2, 3, 4}, 3, {0, 1, 3}}},
     true},
    {"3 of 5, one key rotated", {{{0, 1, 2, 3, 4}, 3, {0, 2, 4}}, {{0, 1, 3, 4, 5}, 3, {0, 4, 1}}}, true},
    {"3 of 5, one key rotated in two steps",
     {{{0, 1, 2, 3, 4}, 3, {0, 2, 4}}, {{0, 1, 3, 4, 5}, 3, {0, 2, 4, 5}}, {{0, 1, 3, 4, 5}, 3, {0, 4, 5}}},
     true},
    {"3 of 5, all rotated in two steps",
     {{{0, 1, 2, 3, 4}, 3, {0, 2, 4}}, {{5, 6, 7, 8, 9}, 3, {0, 2, 4, 5, 6, 7}}, {{5, 6, 7, 8, 9}, 3, {5, 6, 7}}},
     true},
    {"threshold raised to 2 of 3", {{{1, 2, 3}, 1, {1}}, {{1, 2, 3}, 2, {1, 2}}}, true},
    {"threshold lowered to 1 of 3", {{{1, 2, 3}, 2, {1, 2}}, {{1, 2, 3}, 1, {1, 2}}, {{1, 2, 3}, 1, {1}}}, true},
    {"threshold raised to 2 of 2", {{{1}, 1, {1}}, {{1, 2}, 2, {1, 2}}}, true},
    {"rotated, not signed by the old key", {{{1}, 1, {1}}, {{2}, 1, {2, 3, 4}}}, false},
    {"rotated, not signed by the new key", {{{1}, 1, {1}}, {{2}, 1, {1, 3, 4}}}, false},
    {"3 of 5, signed by 2 new keys only", {{{0, 1, 2, 3, 4}, 3, {0, 2, 4}}, {{0, 1, 3, 4, 5}, 3, {0, 2, 4}}}, false},
    {"3 of 5, signed by 2 old keys only", {{{0, 1, 2, 3, 4}, 3, {0, 2, 4}}, {{0, 1, 3, 4, 5}, 3, {0, 4, 5}}}, false},
    {"raised threshold not reached", {{{1, 2, 3}, 1, {1}}, {{1, 2, 3}, 2, {2}}}, false},
    {"lowered threshold, the old one not reached", {{{1, 2, 3}, 2, {1, 2}}, {{1, 2, 3}, 1, {1}}}, false},
};

const std::vector<RootCase> other_cases = {
    {"rotated", {{{2}, 1, {2}}}, true},
    {"signed by others too", {{{1}, 1, {3, 1, 4}}}, true},
    {"not signed by the new key", {{{2}, 1, {1, 3, 4}}}, false},
    {"3 of 5, one by a key that is not named", {{{0, 1, 3, 4, 5}, 3, {0, 2, 4}}}, false},
    {"3 of 5, one missing", {{{0, 1, 3, 4, 5}, 3, {0, 4}}}, false},
    {"3 of 5, one combination", {{{0, 1, 2, 3, 4}, 3, {0, 2, 4}}}, true},
    {"3 of 5, another", {{{0, 1, 2, 3, 4}, 3, {2, 3, 4}}}, true},
};

void follow(Repository& repository, Role role, const Plan& plan) {
    repository.roles[role].keys = keys(plan.keys);
    repository.roles[role].signers = keys(plan.signers);
    repository.roles[role].threshold = plan.threshold;
}

} // namespace

TEST_CASE("the chain of roots is followed exactly as far as old and new keys have signed") {
    for (const RootCase& one : root_cases) {
        CAPTURE(one.name);
        Repository repository;
        repository.files.clear();
        repository.forget(Role::root, 0);
        for (const Plan& plan : one.roots) {
            follow(repository, Role::root, plan);
            repository.publish({Role::root});
        }
        repository.publish({Role::targets, Role::snapshot, Role::timestamp});
        Machine machine(repository.files.at("1.root.json"));
        CHECK(machine.refresh(repository) == (one.good ? "" : "signatures"));
        CHECK(machine.version(Role::root) == static_cast<std::int64_t>(one.roots.size()) - (one.good ? 0 : 1));
    }
}

TEST_CASE("the other roles are taken when enough of the keys that root names have signed") {
    for (const Role role : {Role::timestamp, Role::snapshot, Role::targets})
        for (const RootCase& one : other_cases) {
            CAPTURE(to_string(role), one.name);
            Repository repository;
            Machine machine(repository.newest(Role::root));
            follow(repository, role, one.roots.front());
            repository.publish_all();
            CHECK(machine.refresh(repository) == (one.good ? "" : "signatures"));
            CHECK(machine.version(role) == (one.good ? 2 : 0));
        }
}

TEST_CASE("more signatures are asked for than there are keys: nobody can sign that") {
    Repository repository;
    Machine machine(repository.newest(Role::root));
    repository.roles[Role::snapshot].threshold = 6;
    repository.publish_all();
    CHECK(machine.refresh(repository) == "signatures");
    CHECK(machine.versions() == Versions{2, 2, 0, 0});
}

TEST_CASE("one key does not make up a threshold by signing often") {
    Repository repository;
    Machine machine(repository.newest(Role::root));
    repository.roles[Role::snapshot].threshold = 2;
    SECTION("by the same keyid, twice among the signatures") {
        repository.publish({Role::root, Role::snapshot});
        auto document = nlohmann::json::parse(repository.newest(Role::snapshot));
        document["signatures"].push_back(document["signatures"][0]);
        repository.put(Role::snapshot, document.dump());
        repository.publish({Role::timestamp});
        CHECK(machine.refresh(repository) == "malformed");
    }
    SECTION("by the same keyid, twice in the role") {
        repository.bend = [](Role role, nlohmann::json& body) {
            if (role == Role::root)
                body["roles"]["snapshot"]["keyids"].push_back(body["roles"]["snapshot"]["keyids"][0]);
        };
        repository.publish({Role::root, Role::snapshot, Role::timestamp});
        CHECK(machine.refresh(repository) == "signatures");
    }
    SECTION("by the same key under two ids") {
        repository.bend = [](Role role, nlohmann::json& body) {
            if (role != Role::root)
                return;
            const std::string id = body["roles"]["snapshot"]["keyids"][0];
            body["keys"]["feed"] = body["keys"][id];
            body["roles"]["snapshot"]["keyids"].push_back("feed");
        };
        repository.publish({Role::root, Role::snapshot});
        auto document = nlohmann::json::parse(repository.newest(Role::snapshot));
        document["signatures"].push_back({{"keyid", "feed"}, {"sig", document["signatures"][0]["sig"]}});
        repository.put(Role::snapshot, document.dump());
        repository.publish({Role::timestamp});
        CHECK(machine.refresh(repository) == "signatures");
    }
    CHECK(machine.version(Role::snapshot) == 0);
}

TEST_CASE("a bad signature beside enough good ones does no harm") {
    Repository repository;
    Machine machine(repository.newest(Role::root));
    const std::string sig = GENERATE(std::string(128, '7'), std::string(), std::string("no hexadecimal"));
    auto document = nlohmann::json::parse(repository.newest(Role::timestamp));
    document["signatures"].push_back({{"keyid", "feed"}, {"sig", sig}});
    repository.files["timestamp.json"] = document.dump();
    CHECK(machine.refresh(repository) == "");
}

TEST_CASE("no role goes back") {
    const bool with_hashes = GENERATE(false, true);
    Repository repository;
    repository.hashes = with_hashes;
    Machine machine(repository.newest(Role::root));
    repository.publish({Role::targets, Role::snapshot, Role::timestamp});
    REQUIRE(machine.refresh(repository) == "");
    SECTION("timestamp") {
        repository.forget(Role::timestamp, 0);
        repository.publish({Role::timestamp});
        CHECK(machine.refresh(repository) == "rollback");
        CHECK(machine.versions() == Versions{1, 2, 2, 2});
    }
    SECTION("snapshot, as the timestamp says") {
        repository.forget(Role::snapshot, 0);
        repository.publish({Role::snapshot, Role::timestamp});
        CHECK(machine.refresh(repository) == "rollback");
        CHECK(repository.requests.back() == "timestamp.json");
        CHECK(machine.versions() == Versions{1, 2, 2, 2});
    }
    SECTION("targets, as the snapshot says") {
        repository.forget(Role::targets, 0);
        repository.publish({Role::targets, Role::snapshot, Role::timestamp});
        CHECK(machine.refresh(repository) == "rollback");
        CHECK(machine.versions() == Versions{1, 3, 2, 2});
    }
    SECTION("a role that vanishes from the snapshot") {
        repository.bend = [](Role role, nlohmann::json& body) {
            if (role == Role::snapshot)
                body["meta"]["delegated.json"] = {{"version", 1}};
        };
        repository.publish({Role::snapshot, Role::timestamp});
        REQUIRE(machine.refresh(repository) == "");
        repository.bend = {};
        repository.publish({Role::snapshot, Role::timestamp});
        CHECK(machine.refresh(repository) == "rollback");
        CHECK(machine.version(Role::snapshot) == 3);
    }
    SECTION("an old root under a new name") {
        repository.files["2.root.json"] = repository.files["1.root.json"];
        CHECK(machine.refresh(repository) == "rollback");
    }
}

TEST_CASE("versions that somebody drove up come down again when the keys are rotated") {
    Repository repository;
    Machine machine(repository.newest(Role::root));
    const Role role = GENERATE(Role::timestamp, Role::snapshot, Role::targets);
    repository.forget(role, 99);
    repository.publish(role == Role::targets    ? std::vector{Role::targets, Role::snapshot, Role::timestamp}
                       : role == Role::snapshot ? std::vector{Role::snapshot, Role::timestamp}
                                                : std::vector{Role::timestamp});
    REQUIRE(machine.refresh(repository) == "");
    REQUIRE(machine.version(role) == 100);
    repository.forget(role, 0);
    if (role != Role::targets)
        repository.rotate(Role::timestamp, 50);
    if (role != Role::timestamp)
        repository.rotate(Role::snapshot, 51);
    repository.publish_all();
    CHECK(machine.refresh(repository) == "");
    CHECK(machine.version(role) == 1);
}

TEST_CASE("a new key for the snapshot alone brings its version down, which the timestamp holds too") {
    Repository repository;
    Machine machine(repository.newest(Role::root));
    repository.forget(Role::snapshot, 99);
    repository.publish({Role::snapshot, Role::timestamp});
    REQUIRE(machine.refresh(repository) == "");
    REQUIRE(machine.version(Role::snapshot) == 100);
    repository.forget(Role::snapshot, 10);
    repository.rotate(Role::snapshot, 51);
    repository.publish_all();
    CHECK(machine.refresh(repository) == "");
    CHECK(machine.version(Role::snapshot) == 11);
}
