// A public key as metadata names it, and signatures by it. Reentrant values.
//
// Ed25519 is what the product signs with; ECDSA P-256 and RSA are read as well, since other repositories use them. A key of
// another type or scheme is kept and checks nothing.
#pragma once

#include "content/lib/sodium/ed25519.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace capsule::tuf {

struct Key {
    std::string type, scheme, value; // "ed25519", "ed25519", 64 hexadecimal digits; or "ecdsa", …, PEM
    auto operator<=>(const Key&) const = default;
};

// The keyid that the specification asks for: SHA-256 of the canonical form of the key object.
std::string key_id(const Key& key);
nlohmann::json to_json(const Key& key);
Key ed25519_key(const PublicKey& key);

// `signature` in hexadecimal, as it stands in metadata; false for whatever cannot be checked.
bool verify(const Key& key, std::string_view message, std::string_view signature);

} // namespace capsule::tuf
