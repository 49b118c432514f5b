// What a password must be, and hashing under a limit. Thread-safe.
#pragma once

#include "content/base/result.hpp"

#include <cstddef>
#include <semaphore>
#include <string>
#include <string_view>

namespace capsule::server {

class Passwords {
public:
    static constexpr std::size_t shortest = 12; // characters

    // Invalid, with what to do: too short, too long, the login itself, or one that is tried first.
    static Result<void> check(std::string_view login, std::string_view password);

    // Timeout: many people are at it; come again in some seconds.
    Result<std::string> hash(std::string_view password);
    // An empty `hashed` (there is no such account) takes as long as any other.
    Result<bool> matches(std::string_view hashed, std::string_view password);

private:
    std::counting_semaphore<> m_hashing{2};  // each takes a core and 64 MiB for a tenth of a second
    std::counting_semaphore<> m_entering{4}; // with those who wait: the other workers stay free for screens and visitors
};

} // namespace capsule::server
