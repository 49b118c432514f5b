// A public key in PEM (SubjectPublicKeyInfo) and the signatures that it checks; SHA-512. Reentrant.
#pragma once

#include <string>
#include <string_view>

namespace capsule {

enum class PemScheme {
    ecdsa_sha256,     // DER signature over the SHA-256, P-256
    rsa_pss_sha256,   // RSASSA-PSS, MGF1 with SHA-256, salt of any length
    rsa_pkcs1_sha256, // RSASSA-PKCS1-v1_5
};

// False also when the key cannot be read or is not of the scheme's kind.
bool verify_with_pem(std::string_view pem, PemScheme scheme, std::string_view message, std::string_view signature);

// 128 lower-case hexadecimal digits.
std::string sha512_hex(std::string_view bytes);

} // namespace capsule
