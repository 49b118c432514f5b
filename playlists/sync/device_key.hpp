// This machine's identity: STORE/device.key, the 32-byte seed of an Ed25519 key in hexadecimal, mode 0600. Reentrant.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "content/lib/sodium/ed25519.hpp"

namespace capsule::sync {

// Made durably at the first start. Invalid when the file holds something else: it is left as it is, since a new key is a new
// device.
Result<SecretKey> load_or_make_device_key(Disk& disk, const Path& path, Random& random);

} // namespace capsule::sync
