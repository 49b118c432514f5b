// Where randomness comes from. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace capsule {

class Random {
public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::byte> bytes) = 0;

    std::uint64_t number();
    // `bytes` random bytes in hexadecimal.
    std::string hex(std::size_t bytes);
};

// The kernel's generator; fit for keys.
class SystemRandom final : public Random {
public:
    void fill(std::span<std::byte> bytes) override;
};

// The same sequence for the same seed (SplitMix64); for tests and for shuffles, never for secrets.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed) : m_state(seed) {}
    void fill(std::span<std::byte> bytes) override;

private:
    std::uint64_t m_state;
};

} // namespace capsule
