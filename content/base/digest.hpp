// SHA-256 (FIPS 180-4), the name of every blob. Reentrant.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace capsule {

struct Digest {
    std::array<std::uint8_t, 32> bytes{};

    std::string hex() const; // 64 lower-case digits
    // 64 lower-case hexadecimal digits, or empty.
    static std::optional<Digest> parse(std::string_view hex);
    auto operator<=>(const Digest&) const = default;
};

class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void add(std::span<const std::byte> bytes);
    void add(std::string_view text) { add(std::as_bytes(std::span{text.data(), text.size()})); }
    // The digest of all that was added; afterwards the object starts anew.
    Digest finish();

private:
    struct Context;
    std::unique_ptr<Context> m_context;
};

Digest sha256(std::string_view bytes);

} // namespace capsule
