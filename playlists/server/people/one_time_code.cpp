#include "playlists/server/people/one_time_code.hpp"

#include "content/lib/openssl/hmac.hpp"
#include "content/lib/sodium/ed25519.hpp"

namespace capsule::server {

std::int64_t one_time_step(Instant now) {
    return to_ms(now) / 30'000;
}

std::string one_time_code(std::string_view secret, std::int64_t step) {
    std::string counter(8, '\0');
    for (int i = 7; i >= 0; --i, step >>= 8)
        counter[static_cast<std::size_t>(i)] = static_cast<char>(step & 0xff);
    const std::string hash = hmac_sha1(secret, counter);
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(hash[i])); };
    const std::size_t at = byte(hash.size() - 1) & 0xf; // RFC 4226, 5.3
    const std::uint32_t number = ((byte(at) & 0x7f) << 24 | byte(at + 1) << 16 | byte(at + 2) << 8 | byte(at + 3)) % 1'000'000;
    const std::string digits = std::to_string(number);
    return std::string(6 - digits.size(), '0') + digits;
}

std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view typed, Instant now, std::int64_t used) {
    std::string digits;
    for (const char c : typed)
        if (c != ' ')
            digits += c;
    std::optional<std::int64_t> found;
    for (const std::int64_t step : {one_time_step(now) - 1, one_time_step(now), one_time_step(now) + 1})
        if (equal_in_constant_time(one_time_code(secret, step), digits) && step > used)
            found = step;
    return found;
}

std::string to_base32(std::string_view bytes) {
    static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string out;
    std::uint32_t waiting = 0;
    int bits = 0;
    for (const char c : bytes) {
        waiting = (waiting << 8 | static_cast<unsigned char>(c)) & 0xfff;
        for (bits += 8; bits >= 5; bits -= 5)
            out += alphabet[waiting >> (bits - 5) & 31];
    }
    if (bits > 0)
        out += alphabet[waiting << (5 - bits) & 31];
    return out;
}

std::string one_time_uri(std::string_view secret, std::string_view login) {
    std::string name;
    for (const char c : login) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        static constexpr std::string_view hex = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(c);
        name += plain ? std::string(1, c) : std::string{'%', hex[byte >> 4], hex[byte & 15]};
    }
    return "otpauth://totp/Capsule:" + name + "?secret=" + to_base32(secret) + "&issuer=Capsule";
}

} // namespace capsule::server
