#include "content/lib/sodium/sealed_secret.hpp"

#include <sodium.h>

#include <array>

namespace capsule {

namespace {

using Key = std::array<unsigned char, crypto_secretbox_KEYBYTES>;

const unsigned char* raw(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

Result<Key> derive(const SealedSecret& with, std::string_view passphrase) {
    Key key{};
    if (crypto_pwhash(key.data(), key.size(), passphrase.data(), passphrase.size(), raw(with.salt), with.operations,
                      static_cast<std::size_t>(with.memory), crypto_pwhash_ALG_ARGON2ID13) != 0)
        return Error{Category::no_space, "not enough memory for the passphrase: " + std::to_string(with.memory >> 20) + " MiB are needed"};
    return key;
}

} // namespace

Result<SealedSecret> seal_secret(std::string_view secret, std::string_view passphrase) {
    if (sodium_init() < 0)
        return Error{Category::bug, "libsodium cannot start"};
    SealedSecret sealed;
    sealed.operations = crypto_pwhash_OPSLIMIT_MODERATE;
    sealed.memory = crypto_pwhash_MEMLIMIT_MODERATE;
    sealed.salt.resize(crypto_pwhash_SALTBYTES);
    sealed.nonce.resize(crypto_secretbox_NONCEBYTES);
    randombytes_buf(sealed.salt.data(), sealed.salt.size());
    randombytes_buf(sealed.nonce.data(), sealed.nonce.size());
    CAPSULE_TRY(key, derive(sealed, passphrase));
    sealed.sealed.resize(secret.size() + crypto_secretbox_MACBYTES);
    crypto_secretbox_easy(raw(sealed.sealed), reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), raw(sealed.nonce),
                          key.data());
    sodium_memzero(key.data(), key.size());
    return sealed;
}

Result<std::string> open_secret(const SealedSecret& sealed, std::string_view passphrase) {
    if (sodium_init() < 0)
        return Error{Category::bug, "libsodium cannot start"};
    constexpr std::uint64_t most_memory = std::uint64_t{4} << 30, most_operations = 64;
    if (sealed.salt.size() != crypto_pwhash_SALTBYTES || sealed.nonce.size() != crypto_secretbox_NONCEBYTES ||
        sealed.sealed.size() < crypto_secretbox_MACBYTES || sealed.operations < crypto_pwhash_OPSLIMIT_MIN ||
        sealed.operations > most_operations || sealed.memory < crypto_pwhash_MEMLIMIT_MIN || sealed.memory > most_memory)
        return Error{Category::invalid, "not a sealed secret"};
    CAPSULE_TRY(key, derive(sealed, passphrase));
    std::string secret(sealed.sealed.size() - crypto_secretbox_MACBYTES, '\0');
    const bool good = crypto_secretbox_open_easy(raw(secret), raw(sealed.sealed), sealed.sealed.size(), raw(sealed.nonce), key.data()) == 0;
    sodium_memzero(key.data(), key.size());
    if (!good)
        return Error{Category::refused, "the passphrase is not the right one, or the file was changed"};
    return secret;
}

} // namespace capsule
