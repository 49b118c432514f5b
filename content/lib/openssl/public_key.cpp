#include "content/lib/openssl/public_key.hpp"

#include "content/base/encoding.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <memory>

namespace capsule {

namespace {

template <auto Free>
struct Freed {
    template <typename T>
    void operator()(T* object) const {
        Free(object);
    }
};

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

} // namespace

bool verify_with_pem(std::string_view pem, PemScheme scheme, std::string_view message, std::string_view signature) {
    const std::unique_ptr<BIO, Freed<BIO_free_all>> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>> key(
        text ? PEM_read_bio_PUBKEY(text.get(), nullptr, nullptr, nullptr) : nullptr);
    const std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* parameters = nullptr; // owned by `context`
    bool good = key && context &&
                EVP_PKEY_base_id(key.get()) == (scheme == PemScheme::ecdsa_sha256 ? EVP_PKEY_EC : EVP_PKEY_RSA) &&
                EVP_DigestVerifyInit(context.get(), &parameters, EVP_sha256(), nullptr, key.get()) == 1;
    if (good && scheme == PemScheme::rsa_pss_sha256)
        good = EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_AUTO) == 1;
    good = good && EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(message), message.size()) == 1;
    ERR_clear_error();
    return good;
}

std::string sha512_hex(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha512(), nullptr) != 1)
        return {};
    return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), size));
}

} // namespace capsule
