#include "playlists/server/http/listen.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <utility>

namespace capsule::server {

ListeningSocket::ListeningSocket(ListeningSocket&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_port(other.m_port), m_address(std::move(other.m_address)) {}

ListeningSocket::~ListeningSocket() {
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

int ListeningSocket::release() {
    return std::exchange(m_descriptor, -1);
}

bool ListeningSocket::is_address(const std::string& address) {
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos || colon == 0)
        return false;
    std::uint16_t port = 0;
    const char* end = address.data() + address.size();
    const auto [stopped, code] = std::from_chars(address.data() + colon + 1, end, port);
    return code == std::errc{} && stopped == end;
}

Result<ListeningSocket> ListeningSocket::open(const std::string& address) {
    const Error malformed{Category::invalid,
                          "cannot listen on \"" + address + "\": write ADDRESS:PORT, for instance 127.0.0.1:8080"};
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos)
        return malformed;
    std::string host = address.substr(0, colon);
    const std::string port_text = address.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, bad] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
    if (port_text.empty() || bad != std::errc{} || end != port_text.data() + port_text.size())
        return malformed;
    const std::string shown = host;
    if (host == "localhost")
        host = "127.0.0.1";
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string::npos)
        return malformed;

    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    addrinfo* found = nullptr;
    if (host.empty() || ::getaddrinfo(host.c_str(), port_text.c_str(), &hints, &found) != 0)
        return malformed;
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> list(found, ::freeaddrinfo);

    const int descriptor = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return Error{Category::io, "cannot make a socket for " + address + ": " + std::strerror(errno)};
    ListeningSocket self(descriptor, port, {});
    const int yes = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (::bind(descriptor, found->ai_addr, found->ai_addrlen) != 0 || ::listen(descriptor, 1024) != 0) {
        const int code = errno;
        std::string advice = std::strerror(code);
        if (code == EADDRINUSE)
            advice = "the port is already in use; stop the other program or choose another port with --listen";
        else if (code == EACCES)
            advice = "this user may not use that port; choose one above 1023 with --listen";
        else if (code == EADDRNOTAVAIL)
            advice = "this machine has no such address; choose another with --listen";
        return Error{Category::refused, "cannot listen on " + address + ": " + advice};
    }
    sockaddr_storage taken{};
    socklen_t length = sizeof taken;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&taken), &length) == 0)
        self.m_port = ntohs(taken.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(taken).sin6_port
                                                        : reinterpret_cast<sockaddr_in&>(taken).sin_port);
    self.m_address = shown + ":" + std::to_string(self.m_port);
    return self;
}

} // namespace capsule::server
