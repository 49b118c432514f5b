// The keys that sign while nobody is there: targets, snapshot and timestamp, one each, as seeds in files of mode 0600. Reentrant.
//
//   keys/targets.key, snapshot.key, timestamp.key   in use
//   keys/next/…                                     made for a rotation, until a root.json names them
//   keys/provisional-root.key                       of a server that nobody has taken over yet (`capsule keys`)
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "playlists/release/metadata.hpp"

#include <array>
#include <map>

namespace capsule::tuf {

inline constexpr std::array online_roles = {Role::targets, Role::snapshot, Role::timestamp};
using OnlineKeys = std::map<Role, SecretKey>; // of the three roles

// Makes those that are not there.
Result<OnlineKeys> load_or_make_online_keys(Disk& disk, const Path& folder);
// One file; missing when it is not there.
Result<SecretKey> load_secret_key(Disk& disk, const Path& file);
Result<void> save_secret_key(Disk& disk, const Path& file, const SecretKey& key);

std::map<Role, Key> public_keys(const OnlineKeys& keys);

} // namespace capsule::tuf
