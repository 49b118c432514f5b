// HTTP Message Signatures (RFC 9421) with Ed25519, as devices sign their requests and the server checks them. Reentrant.
//
// Covered components, in this order: "@method" "@path" "content-digest" "capsule-counter"; parameters: keyid (the device id), alg
// "ed25519", nonce. There is no `created`: a screen's clock may be wrong. Replay is stopped by the counter, which rises per
// device. Content-Digest is RFC 9530's, sha-256, present for every request (of the empty body too).
#pragma once

#include "content/base/result.hpp"
#include "content/lib/sodium/ed25519.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace capsule {

struct SignedHeaders {
    std::string content_digest;  // Content-Digest
    std::string counter;         // Capsule-Counter
    std::string signature_input; // Signature-Input
    std::string signature;       // Signature
};

// `path` is the request target's path as sent, without query.
SignedHeaders sign_request(const SecretKey& key, std::string_view method, std::string_view path, std::string_view body,
                           std::uint64_t counter, std::string_view nonce);

struct VerifiedRequest {
    std::string device; // id of the key that signed
    std::uint64_t counter = 0;
    std::string nonce;
};

// Refused with the reason when a header is missing or malformed, the device unknown, the digest another, the signature wrong.
// The caller checks that the counter is above the device's last one.
// The device that claims to have signed, before anything is checked: to look its key up.
Result<std::string> claimed_device(const SignedHeaders& headers);
Result<VerifiedRequest> verify_request(const PublicKey& key, std::string_view method, std::string_view path,
                                       std::string_view body, const SignedHeaders& headers);

} // namespace capsule
