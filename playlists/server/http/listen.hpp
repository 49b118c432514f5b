// A listening TCP socket for "ADDRESS:PORT". Reentrant.
#pragma once

#include "content/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace capsule::server {

// Owns the descriptor until released.
class ListeningSocket {
public:
    // `address` is "127.0.0.1:8080", "[::1]:8080" or "localhost:8080"; port 0 takes a free one. Invalid for another form; refused
    // when the port is taken or not permitted.
    static Result<ListeningSocket> open(const std::string& address);
    // Whether it has that form; the host may still not exist.
    static bool is_address(const std::string& address);
    ListeningSocket(ListeningSocket&& other) noexcept;
    ListeningSocket& operator=(ListeningSocket&&) = delete;
    ~ListeningSocket();

    int release();
    std::uint16_t port() const { return m_port; }
    // "127.0.0.1:40123", with the port that was really taken.
    const std::string& address() const { return m_address; }

private:
    ListeningSocket(int descriptor, std::uint16_t port, std::string address)
        : m_descriptor(descriptor), m_port(port), m_address(std::move(address)) {}
    int m_descriptor;
    std::uint16_t m_port;
    std::string m_address;
};

} // namespace capsule::server
