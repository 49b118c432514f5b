// A repository of The Update Framework that a test can bend: what is composed, who signs, what is served; and a machine that follows it.
#pragma once

#include "playlists/release/client.hpp"
#include "playlists/release/signing.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <nlohmann/json.hpp>

#include <functional>

namespace capsule::tuf {

inline const Instant simulated_now = instant_from_ms(1'795'000'000'000);
inline constexpr std::chrono::hours one_day{24};

// The same key for the same number, in every test.
inline SecretKey numbered_key(int number) {
    std::string seed(64, '0');
    seed.replace(60, 4, std::to_string(1000 + number));
    return *SecretKey::from_seed_hex(seed);
}

class Repository {
public:
    using Json = nlohmann::json;

    struct RolePlan {
        std::vector<SecretKey> keys;    // that root names
        std::vector<SecretKey> signers; // that really sign
        std::int64_t threshold = 1;
        std::int64_t version = 0;
        Instant expires = simulated_now + 30 * one_day;
    };
    std::map<Role, RolePlan> roles;
    std::map<std::string, TargetToSign> targets;
    bool hashes = true;                       // in timestamp and snapshot, with lengths
    std::function<void(Role, Json&)> bend;    // changes what is about to be signed
    std::map<std::string, std::string> files; // what is served
    std::vector<std::string> requests;

    Repository() {
        int number = 0;
        for (const Role role : {Role::root, Role::timestamp, Role::snapshot, Role::targets})
            roles[role].keys = roles[role].signers = {numbered_key(number++)};
        publish({Role::root, Role::targets, Role::snapshot, Role::timestamp});
    }

    // New versions of these, in this order.
    void publish(const std::vector<Role>& which) {
        for (const Role role : which) {
            ++roles[role].version;
            put(role, sign(role));
        }
    }
    void publish_all() { publish({Role::root, Role::targets, Role::snapshot, Role::timestamp}); }

    std::string sign(Role role) {
        Json document = Json::parse(compose(role));
        if (bend)
            bend(role, document["signed"]);
        std::string bytes = document.dump();
        for (const SecretKey& key : roles[role].signers)
            bytes = *with_signature(bytes, key);
        return bytes;
    }
    void put(Role role, const std::string& bytes) {
        m_newest[role] = bytes;
        files[role == Role::timestamp ? "timestamp.json" : std::to_string(roles[role].version) + "." + to_string(role) + ".json"] = bytes;
    }
    const std::string& newest(Role role) const { return m_newest.at(role); }
    // New keys, and nobody signs with the old ones.
    void rotate(Role role, int first_number) {
        roles[role].keys = roles[role].signers = {numbered_key(first_number)};
    }
    // The same versions once more, as somebody who forgets would serve them.
    void forget(Role role, std::int64_t back_to) { roles[role].version = back_to; }

private:
    std::string compose(Role role) {
        const RolePlan& plan = roles[role];
        if (role == Role::root) {
            std::map<Role, Signers> signers;
            for (const auto& [each, its] : roles) {
                signers[each].threshold = its.threshold;
                for (const SecretKey& key : its.keys)
                    signers[each].keys.push_back(ed25519_key(key.public_key()));
            }
            return compose_root(plan.version, plan.expires, signers);
        }
        if (role == Role::targets)
            return compose_targets(plan.version, plan.expires, targets);
        if (role == Role::snapshot)
            return announced(compose_snapshot(plan.version, plan.expires, roles[Role::targets].version, newest(Role::targets)));
        return announced(compose_timestamp(plan.version, plan.expires, simulated_now, roles[Role::snapshot].version, newest(Role::snapshot)));
    }
    std::string announced(std::string metadata) const {
        if (hashes)
            return metadata;
        Json document = Json::parse(metadata);
        for (auto& [name, entry] : document["signed"]["meta"].items()) {
            entry.erase("hashes");
            entry.erase("length");
        }
        return document.dump();
    }

    std::map<Role, std::string> m_newest;
};

// What one screen trusts.
class Machine {
public:
    explicit Machine(const std::string& first_root, ClientLimits limits = {}) : m_limits(limits) {
        REQUIRE(m_store.prepare().ok());
        REQUIRE(m_store.write(Role::root, 1, first_root).ok());
    }

    // Empty when it went well; else the code of the refusal.
    std::string refresh(Repository& repository, Instant now = simulated_now) {
        Client client(m_store, m_limits);
        repository.requests.clear();
        client.begin(now);
        while (const auto wanted = client.wanted()) {
            repository.requests.push_back(wanted->name);
            const auto found = repository.files.find(wanted->name);
            if (found == repository.files.end())
                client.absent();
            else
                client.received(found->second);
        }
        detail = client.refusal() ? to_error(*client.refusal()).message : "";
        return client.refusal() ? to_string(client.refusal()->reason) : "";
    }
    // Of what is kept on the disk; 0: nothing.
    std::int64_t version(Role role) const {
        const auto bytes = m_store.read(role);
        REQUIRE(bytes.ok());
        return *bytes ? nlohmann::json::parse(**bytes)["signed"]["version"].get<std::int64_t>() : 0;
    }
    // root, timestamp, snapshot, targets
    std::vector<std::int64_t> versions() const {
        return {version(Role::root), version(Role::timestamp), version(Role::snapshot), version(Role::targets)};
    }
    std::string kept(Role role) const { return (*m_store.read(role)).value_or(""); }
    const Path& folder() const { return m_store.folder(); }
    std::string detail;

private:
    const ClientLimits m_limits;
    TemporaryFolder m_folder;
    SystemDisk m_disk;
    TrustStore m_store{m_disk, m_folder.path()};
};

} // namespace capsule::tuf
