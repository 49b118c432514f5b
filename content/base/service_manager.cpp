#include "content/base/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace capsule {

namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

std::optional<Nanoseconds> watchdog_of_environment() {
    const std::string whose = environment("WATCHDOG_PID");
    if (!whose.empty() && whose != std::to_string(::getpid()))
        return std::nullopt; // a parent's
    const long long span = std::strtoll(environment("WATCHDOG_USEC").c_str(), nullptr, 10);
    return span > 0 ? std::optional<Nanoseconds>(std::chrono::microseconds(span)) : std::nullopt;
}

bool is_address(const std::string& address) {
    return address.size() > 1 && address.size() < sizeof(sockaddr_un::sun_path) && (address[0] == '/' || address[0] == '@');
}

} // namespace

ServiceManager::ServiceManager() : ServiceManager(environment("NOTIFY_SOCKET"), watchdog_of_environment()) {}

ServiceManager::ServiceManager(std::string socket, std::optional<Nanoseconds> watchdog)
    : m_address(std::move(socket)), m_watchdog(watchdog),
      m_socket(is_address(m_address) ? ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) : -1) {}

ServiceManager::~ServiceManager() {
    if (m_socket >= 0)
        ::close(m_socket);
}

void ServiceManager::send(const std::string& message) const {
    if (m_socket < 0)
        return;
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::memcpy(to.sun_path, m_address.data(), m_address.size());
    if (to.sun_path[0] == '@')
        to.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + m_address.size());
    (void)::sendto(m_socket, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&to), length);
}

} // namespace capsule
