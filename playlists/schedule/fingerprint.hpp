// Tells contents apart, no more: FNV-1a, 64 bits, quick. Not for anything that an enemy could choose. Reentrant.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace capsule {

class Fingerprint {
public:
    void add(std::string_view text) {
        for (const char c : text)
            byte(static_cast<unsigned char>(c));
        byte(0);
    }
    void add(std::int64_t number) {
        for (int shift = 0; shift < 64; shift += 8)
            byte(static_cast<unsigned char>(static_cast<std::uint64_t>(number) >> shift));
    }
    std::uint64_t value() const { return m_value; }
    std::string text() const {
        std::array<char, 17> digits{};
        std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(m_value));
        return digits.data();
    }

private:
    void byte(unsigned char c) { m_value = (m_value ^ c) * 0x100000001b3; }
    std::uint64_t m_value = 0xcbf29ce484222325;
};

} // namespace capsule
