#include "playlists/release/signing.hpp"

#include "content/base/digest.hpp"
#include "content/base/encoding.hpp"
#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace capsule::tuf {

namespace {

using Json = nlohmann::json;

// To the second: the specification knows no fractions.
std::string seconds(Instant instant) {
    return to_rfc3339(std::chrono::floor<std::chrono::seconds>(instant));
}

Json common(Role role, std::int64_t version, Instant expires) {
    return {{"_type", to_string(role)}, {"spec_version", "1.0.31"}, {"version", version}, {"expires", seconds(expires)}};
}

Json announcement(std::int64_t version, std::string_view bytes) {
    return {{"version", version}, {"length", bytes.size()}, {"hashes", {{"sha256", sha256(bytes).hex()}}}};
}

// Of our own values, which have no floating-point numbers.
std::string unsigned_metadata(Json body) {
    Json document;
    document["signatures"] = Json::array();
    document["signed"] = std::move(body);
    const auto text = json::canonical(document);
    return text ? *text : std::string{};
}

} // namespace

std::string compose_root(std::int64_t version, Instant expires, const std::map<Role, Signers>& roles) {
    Json body = common(Role::root, version, expires);
    body["consistent_snapshot"] = true;
    body["keys"] = Json::object();
    for (const auto& [role, signers] : roles) {
        Json ids = Json::array();
        for (const Key& key : signers.keys) {
            ids.push_back(key_id(key));
            body["keys"][key_id(key)] = to_json(key);
        }
        body["roles"][to_string(role)] = {{"keyids", std::move(ids)}, {"threshold", signers.threshold}};
    }
    return unsigned_metadata(std::move(body));
}

std::string compose_timestamp(std::int64_t version, Instant expires, Instant signed_at, std::int64_t snapshot_version,
                              std::string_view snapshot) {
    Json body = common(Role::timestamp, version, expires);
    body["x-signed-at"] = seconds(signed_at);
    body["meta"]["snapshot.json"] = announcement(snapshot_version, snapshot);
    return unsigned_metadata(std::move(body));
}

std::string compose_snapshot(std::int64_t version, Instant expires, std::int64_t targets_version, std::string_view targets) {
    Json body = common(Role::snapshot, version, expires);
    body["meta"]["targets.json"] = announcement(targets_version, targets);
    return unsigned_metadata(std::move(body));
}

std::string compose_targets(std::int64_t version, Instant expires, const std::map<std::string, TargetToSign>& targets) {
    Json body = common(Role::targets, version, expires);
    body["targets"] = Json::object();
    for (const auto& [name, target] : targets)
        body["targets"][name] = {
            {"length", target.length}, {"hashes", {{"sha256", target.sha256}}}, {"custom", {{"number", target.number}}}};
    return unsigned_metadata(std::move(body));
}

Result<std::string> with_signature(std::string_view metadata, const SecretKey& key) {
    CAPSULE_TRY(document, json::parse_strict(metadata, {.floats = false}));
    if (!document.is_object() || !document.contains("signed") || !document.contains("signatures") ||
        !document["signatures"].is_array())
        return Error{Category::invalid, "no metadata: \"signed\" and \"signatures\" are expected"};
    CAPSULE_TRY(text, json::canonical(document["signed"]));
    const std::string id = key_id(ed25519_key(key.public_key()));
    Json signatures = Json::array();
    for (const Json& signature : document["signatures"])
        if (signature.is_object() && signature.value("keyid", "") != id)
            signatures.push_back(signature);
    signatures.push_back({{"keyid", id}, {"sig", to_hex(key.sign(text))}});
    document["signatures"] = std::move(signatures);
    return json::canonical(document);
}

} // namespace capsule::tuf
