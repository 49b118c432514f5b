#include "content/lib/openssl/hmac.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace capsule {

std::string hmac_sha1(std::string_view key, std::string_view message) {
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (!HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(message.data()), message.size(),
              out, &length))
        throw std::runtime_error("HMAC-SHA-1 is not available in this OpenSSL");
    return std::string(reinterpret_cast<const char*>(out), length);
}

} // namespace capsule
