// Ed25519 (RFC 8032) keys and signatures, and password hashes (Argon2id, RFC 9106), by libsodium. Reentrant.
#pragma once

#include "content/base/result.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace capsule {

struct PublicKey {
    std::array<std::uint8_t, 32> bytes{};
    std::string hex() const;
    static std::optional<PublicKey> parse(std::string_view hex); // 64 digits
    // First 16 hexadecimal digits of the SHA-256 of the 32 bytes: the id of the device that has this key.
    std::string device_id() const;
    auto operator<=>(const PublicKey&) const = default;
};

class SecretKey {
public:
    static SecretKey generate();
    // From the 32-byte seed in hexadecimal, as kept in `device.key`.
    static std::optional<SecretKey> from_seed_hex(std::string_view hex);
    std::string seed_hex() const;
    PublicKey public_key() const;
    // 64 bytes.
    std::string sign(std::string_view message) const;

private:
    std::array<std::uint8_t, 64> m_bytes{};
};

bool verify(const PublicKey& key, std::string_view message, std::string_view signature);

// A string that contains salt and parameters ("$argon2id$…"); takes about 0.1 s and 64 MiB by design.
Result<std::string> hash_password(std::string_view password);
bool password_matches(std::string_view hash, std::string_view password);
// Comparison whose time tells nothing about where two secrets differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

} // namespace capsule
