// Listens where systemd would: a datagram socket that keeps what it is told. Thread-bound.
#pragma once

#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

namespace capsule::test {

class NotifySocket {
public:
    // `address`: "@name" for an abstract one; without it, a file in a folder of its own.
    explicit NotifySocket(const std::string& address = {}) : m_address(address.empty() ? (m_folder.path() / "notify").string() : address) {
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        REQUIRE(m_address.size() < sizeof at.sun_path);
        std::memcpy(at.sun_path, m_address.data(), m_address.size());
        if (at.sun_path[0] == '@')
            at.sun_path[0] = '\0';
        REQUIRE(::bind(m_socket, reinterpret_cast<const sockaddr*>(&at),
                       static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + m_address.size())) == 0);
    }
    ~NotifySocket() { ::close(m_socket); }
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    const std::string& address() const { return m_address; }

    // What came since the last call.
    std::vector<std::string> heard() {
        std::vector<std::string> messages;
        char buffer[4096];
        for (ssize_t size = 0; (size = ::recv(m_socket, buffer, sizeof buffer, MSG_DONTWAIT)) >= 0;)
            messages.emplace_back(buffer, static_cast<std::size_t>(size));
        return messages;
    }

private:
    TemporaryFolder m_folder;
    const std::string m_address;
    const int m_socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

} // namespace capsule::test
