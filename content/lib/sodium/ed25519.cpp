#include "content/lib/sodium/ed25519.hpp"
#include "content/base/digest.hpp"
#include "content/base/encoding.hpp"

#include <sodium.h>

#include <algorithm>
#include <stdexcept>

namespace capsule {

namespace {
void ensure_sodium() {
    static const bool ready = sodium_init() >= 0;
    if (!ready)
        throw std::runtime_error("libsodium cannot start: the kernel gives no randomness");
}
const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
} // namespace

std::string PublicKey::hex() const { return to_hex(std::as_bytes(std::span{bytes})); }

std::optional<PublicKey> PublicKey::parse(std::string_view hex) {
    const auto decoded = from_hex(hex);
    if (!decoded || decoded->size() != 32)
        return std::nullopt;
    PublicKey key;
    std::copy(decoded->begin(), decoded->end(), key.bytes.begin());
    return key;
}

std::string PublicKey::device_id() const {
    return sha256(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size())).hex().substr(0, 16);
}

SecretKey SecretKey::generate() {
    ensure_sodium();
    SecretKey key;
    std::array<std::uint8_t, 32> ignored{};
    crypto_sign_keypair(ignored.data(), key.m_bytes.data());
    return key;
}

std::optional<SecretKey> SecretKey::from_seed_hex(std::string_view hex) {
    ensure_sodium();
    const auto seed = from_hex(hex);
    if (!seed || seed->size() != crypto_sign_SEEDBYTES)
        return std::nullopt;
    SecretKey key;
    std::array<std::uint8_t, 32> ignored{};
    crypto_sign_seed_keypair(ignored.data(), key.m_bytes.data(), raw(*seed));
    return key;
}

std::string SecretKey::seed_hex() const {
    return to_hex(std::string_view(reinterpret_cast<const char*>(m_bytes.data()), crypto_sign_SEEDBYTES));
}

PublicKey SecretKey::public_key() const {
    PublicKey key;
    std::copy(m_bytes.begin() + 32, m_bytes.end(), key.bytes.begin());
    return key;
}

std::string SecretKey::sign(std::string_view message) const {
    std::string signature(crypto_sign_BYTES, '\0');
    crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr, raw(message), message.size(), m_bytes.data());
    return signature;
}

bool verify(const PublicKey& key, std::string_view message, std::string_view signature) {
    ensure_sodium();
    return signature.size() == crypto_sign_BYTES &&
           crypto_sign_verify_detached(raw(signature), raw(message), message.size(), key.bytes.data()) == 0;
}

Result<std::string> hash_password(std::string_view password) {
    ensure_sodium();
    std::string hash(crypto_pwhash_STRBYTES, '\0');
    if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                              crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return Error{Category::io, "not enough memory to hash a password"};
    hash.resize(hash.find('\0'));
    return hash;
}

bool password_matches(std::string_view hash, std::string_view password) {
    ensure_sodium();
    return crypto_pwhash_str_verify(std::string(hash).c_str(), password.data(), password.size()) == 0;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace capsule
