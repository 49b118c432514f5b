// Composes metadata of The Update Framework and signs it. Reentrant. What is composed is canonical JSON without signatures;
// `with_signature` adds them one by one.
#pragma once

#include "playlists/release/metadata.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::tuf {

// Who signs for a role: `threshold` of these keys.
struct Signers {
    std::vector<Key> keys;
    std::int64_t threshold = 1;
};

std::string compose_root(std::int64_t version, Instant expires, const std::map<Role, Signers>& roles);
// `snapshot` and `targets`: version and bytes of the metadata that is announced, with length and SHA-256.
std::string compose_timestamp(std::int64_t version, Instant expires, Instant signed_at, std::int64_t snapshot_version,
                              std::string_view snapshot);
std::string compose_snapshot(std::int64_t version, Instant expires, std::int64_t targets_version, std::string_view targets);

struct TargetToSign {
    std::uint64_t length = 0;
    std::string sha256;
    std::int64_t number = 0; // becomes custom.number
};
std::string compose_targets(std::int64_t version, Instant expires, const std::map<std::string, TargetToSign>& targets);

// The same metadata with this key's signature, which replaces one that bore its keyid. Unknown fields stay as they are.
Result<std::string> with_signature(std::string_view metadata, const SecretKey& key);

} // namespace capsule::tuf
