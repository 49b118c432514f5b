// Signs what a test's source serves: one repository for the whole test program, whose versions rise with each new index.
#pragma once

#include "playlists/release/signing.hpp"
#include "playlists/release/index.hpp"

#include <map>
#include <string>

namespace capsule {

inline const SecretKey& test_key(char digit) {
    static std::map<char, SecretKey> keys;
    return keys.try_emplace(digit, *SecretKey::from_seed_hex(std::string(64, digit))).first->second;
}

inline std::string signed_with(const std::string& metadata, const SecretKey& key) {
    return *tuf::with_signature(metadata, key);
}

inline const Instant test_expiry = instant_from_ms(4'000'000'000'000); // in 2096
inline const Instant test_signed_at = instant_from_ms(1'000'000'000'000);

inline std::string test_root(std::int64_t version = 1) {
    std::map<tuf::Role, tuf::Signers> roles;
    roles[tuf::Role::root] = {{tuf::ed25519_key(test_key('1').public_key())}, 1};
    roles[tuf::Role::targets] = {{tuf::ed25519_key(test_key('2').public_key())}, 1};
    roles[tuf::Role::snapshot] = {{tuf::ed25519_key(test_key('3').public_key())}, 1};
    roles[tuf::Role::timestamp] = {{tuf::ed25519_key(test_key('4').public_key())}, 1};
    return signed_with(tuf::compose_root(version, test_expiry, roles), test_key('1'));
}

// Targets, snapshot and timestamp of that version, below release/.
inline std::map<std::string, std::string> signed_files(const ReleaseIndex& index, std::int64_t version) {
    std::map<std::string, tuf::TargetToSign> listed;
    for (const DocumentKind kind : all_document_kinds)
        if (const auto& entry = index.entry(kind))
            listed[std::string(to_string(kind)) + ".json"] = {entry->bytes, entry->sha256.hex(), entry->number};
    const std::string targets = signed_with(tuf::compose_targets(version, test_expiry, listed), test_key('2'));
    const std::string snapshot = signed_with(tuf::compose_snapshot(version, test_expiry, version, targets), test_key('3'));
    const std::string timestamp =
        signed_with(tuf::compose_timestamp(version, test_expiry, test_signed_at, version, snapshot), test_key('4'));
    const std::string number = std::to_string(version);
    return {{"release/1.root.json", test_root()},
            {"release/" + number + ".targets.json", targets},
            {"release/" + number + ".snapshot.json", snapshot},
            {"release/timestamp.json", timestamp}};
}

// The same index gets the same version again.
inline std::map<std::string, std::string> signed_files(const ReleaseIndex& index) {
    static std::map<std::string, std::int64_t> versions;
    const auto version = versions.try_emplace(serialise(index), static_cast<std::int64_t>(versions.size()) + 1).first->second;
    return signed_files(index, version);
}

} // namespace capsule
