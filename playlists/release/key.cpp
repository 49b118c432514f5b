#include "playlists/release/key.hpp"

#include "content/base/digest.hpp"
#include "content/base/encoding.hpp"
#include "content/lib/json/strict.hpp"
#include "content/lib/openssl/public_key.hpp"

#include <nlohmann/json.hpp>

namespace capsule::tuf {

nlohmann::json to_json(const Key& key) {
    return {{"keytype", key.type}, {"scheme", key.scheme}, {"keyval", {{"public", key.value}}}};
}

std::string key_id(const Key& key) {
    const auto text = json::canonical(to_json(key));
    return text ? sha256(*text).hex() : std::string{};
}

Key ed25519_key(const PublicKey& key) {
    return {"ed25519", "ed25519", key.hex()};
}

bool verify(const Key& key, std::string_view message, std::string_view signature) {
    const auto bytes = from_hex(signature);
    if (!bytes || bytes->empty())
        return false;
    if (key.type == "ed25519" && key.scheme == "ed25519") {
        const auto public_key = PublicKey::parse(key.value);
        return public_key && capsule::verify(*public_key, message, *bytes);
    }
    const bool ecdsa = key.type == "ecdsa" || key.type == "ecdsa-sha2-nistp256";
    if (ecdsa && key.scheme == "ecdsa-sha2-nistp256")
        return verify_with_pem(key.value, PemScheme::ecdsa_sha256, message, *bytes);
    if (key.type == "rsa" && key.scheme == "rsassa-pss-sha256")
        return verify_with_pem(key.value, PemScheme::rsa_pss_sha256, message, *bytes);
    if (key.type == "rsa" && key.scheme == "rsa-pkcs1v15-sha256")
        return verify_with_pem(key.value, PemScheme::rsa_pkcs1_sha256, message, *bytes);
    return false;
}

} // namespace capsule::tuf
