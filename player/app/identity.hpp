// Which device this is: the key in the store, kept twice, so that one damaged file does not make a stranger of a screen.
// Reentrant.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "content/lib/sodium/ed25519.hpp"

#include <string>

namespace capsule {

struct Identity {
    SecretKey key;
    std::string trouble; // what was wrong and what was done about it, one line; empty: nothing
};

// From STORE/device.key, else from its copy, else made anew (a missing key is made anew whatever the copy says: that is how a
// machine is made another device). What was damaged is kept in STORE/set-aside. Where nothing can be written, the copy, else a key
// that lasts as long as the process. Errors: none but randomness's own.
Result<Identity> load_identity(Disk& disk, const Path& store, Random& random);

// One with a key that lasts as long as the process. Errors: randomness's own.
Result<Identity> passing_identity(Random& random, std::string trouble);

} // namespace capsule
