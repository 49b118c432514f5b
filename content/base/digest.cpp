#include "content/base/digest.hpp"
#include "content/base/encoding.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

namespace capsule {

struct Sha256::Context {
    EVP_MD_CTX* evp = EVP_MD_CTX_new();
    ~Context() { EVP_MD_CTX_free(evp); }
    void start() {
        if (!evp || EVP_DigestInit_ex(evp, EVP_sha256(), nullptr) != 1)
            throw std::runtime_error("SHA-256 is not available in this OpenSSL");
    }
};

Sha256::Sha256() : m_context(std::make_unique<Context>()) { m_context->start(); }
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::span<const std::byte> bytes) { EVP_DigestUpdate(m_context->evp, bytes.data(), bytes.size()); }

Digest Sha256::finish() {
    Digest digest;
    EVP_DigestFinal_ex(m_context->evp, digest.bytes.data(), nullptr);
    m_context->start();
    return digest;
}

Digest sha256(std::string_view bytes) {
    Sha256 hash;
    hash.add(bytes);
    return hash.finish();
}

std::string Digest::hex() const { return to_hex(std::as_bytes(std::span{bytes})); }

std::optional<Digest> Digest::parse(std::string_view hex) {
    if (hex.size() != 64 || std::any_of(hex.begin(), hex.end(), [](char c) { return c >= 'A' && c <= 'F'; }))
        return std::nullopt;
    const auto raw = from_hex(hex);
    if (!raw || raw->size() != 32)
        return std::nullopt;
    Digest digest;
    std::transform(raw->begin(), raw->end(), digest.bytes.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
    return digest;
}

} // namespace capsule
