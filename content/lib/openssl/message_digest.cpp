#include "content/lib/openssl/message_digest.hpp"

#include <openssl/evp.h>

#include <array>

namespace capsule {

struct MessageDigest::Context {
    EVP_MD_CTX* handle = EVP_MD_CTX_new();
    Context() = default;
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context() { EVP_MD_CTX_free(handle); }
};

MessageDigest::MessageDigest(std::unique_ptr<Context> context) : m_context(std::move(context)) {}
MessageDigest::MessageDigest(MessageDigest&&) noexcept = default;
MessageDigest& MessageDigest::operator=(MessageDigest&&) noexcept = default;
MessageDigest::~MessageDigest() = default;

std::optional<MessageDigest> MessageDigest::of(std::string_view algorithm) {
    const EVP_MD* kind = algorithm == "sha1" ? EVP_sha1() : algorithm == "sha256" ? EVP_sha256() : nullptr;
    auto context = std::make_unique<Context>();
    if (!kind || !context->handle || EVP_DigestInit_ex(context->handle, kind, nullptr) != 1)
        return std::nullopt;
    return MessageDigest(std::move(context));
}

void MessageDigest::add(std::string_view bytes) {
    EVP_DigestUpdate(m_context->handle, bytes.data(), bytes.size());
}

std::string MessageDigest::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_DigestFinal_ex(m_context->handle, digest.data(), &size) != 1)
        return {};
    return std::string(reinterpret_cast<const char*>(digest.data()), size);
}

} // namespace capsule
