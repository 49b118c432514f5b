// A secret in a file, sealed by a passphrase: Argon2id (RFC 9106) makes the key, XSalsa20-Poly1305 seals. Reentrant.
#pragma once

#include "content/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace capsule {

struct SealedSecret {
    std::uint64_t operations = 0, memory = 0; // Argon2id's cost, kept with the secret so that it can rise later
    std::string salt, nonce, sealed;          // bytes
};

// Takes about a second and 256 MiB by design.
Result<SealedSecret> seal_secret(std::string_view secret, std::string_view passphrase);
// Refused: another passphrase, or somebody changed it. Invalid: no such thing, or a cost beyond 4 GiB or 64 passes.
Result<std::string> open_secret(const SealedSecret& sealed, std::string_view passphrase);

} // namespace capsule
