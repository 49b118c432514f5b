// Signed metadata of The Update Framework, specification 1.0, section 4: the four top-level roles, read strictly. Reentrant values.
//
// Fields that the specification does not define are allowed anywhere and count in what is signed: signatures are checked over the
// canonical form of `signed` as it was received, not of what was understood. Duplicate keys, floating-point numbers, more than 32
// levels and more than 16 MiB are refused.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "playlists/release/key.hpp"
#include "playlists/release/refusal.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace capsule::tuf {

enum class Role { root, timestamp, snapshot, targets };
// "root": also the value of "_type".
const char* to_string(Role role);

struct RoleKeys {
    std::set<std::string> keyids;
    std::int64_t threshold = 1;
    bool operator==(const RoleKeys&) const = default;
};

// What one metadata file says of another.
struct FileEntry {
    std::int64_t version = 0;
    std::optional<std::uint64_t> length;
    std::map<std::string, std::string> hashes; // algorithm → lower-case hexadecimal; may be empty
};

struct TargetEntry {
    std::uint64_t length = 0;
    std::map<std::string, std::string> hashes;
    std::optional<std::int64_t> number; // custom.number, which this product writes
};

struct DelegatedRole {
    std::string name;
    RoleKeys keys;
    bool terminating = false;
    std::vector<std::string> paths;              // shell patterns; * does not match /
    std::vector<std::string> path_hash_prefixes; // of the SHA-256 of the target's name
};

struct Delegations {
    std::map<std::string, Key> keys;
    std::vector<DelegatedRole> roles; // in order of preference
};

struct Metadata {
    Role role = Role::root;
    std::int64_t version = 0;
    Instant expires{};

    // root
    bool consistent_snapshot = false;
    std::map<std::string, Key> keys;
    std::map<Role, RoleKeys> roles; // all four
    // timestamp
    FileEntry snapshot;
    std::optional<Instant> signed_at; // x-signed-at, which this product writes
    // snapshot
    std::map<std::string, FileEntry> files; // "targets.json" →
    // targets
    std::map<std::string, TargetEntry> targets;
    Delegations delegations; // of use to a reader of other repositories; the product writes none

    struct Signature {
        std::string keyid, value;
    };
    std::vector<Signature> signatures; // keyids are distinct
    std::string signed_text;           // canonical form of "signed"
    std::string bytes;                 // as received
};

// A refusal is `malformed` or `wrong_role`; `file` names it in messages.
std::variant<Metadata, Refusal> parse_metadata(std::string bytes, Role role, const std::string& file);

// Whether at least the threshold of distinct keys of `role` have signed. A key that stands under several ids counts once.
bool signed_by(const Metadata& metadata, const std::map<std::string, Key>& keys, const RoleKeys& role);

// "sha256" and "sha512" are known. At least one known one must be there, and all known ones must hold.
bool hashes_hold(const std::map<std::string, std::string>& hashes, std::string_view bytes);

} // namespace capsule::tuf
