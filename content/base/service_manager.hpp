// Tells whoever started this process how it is doing, by systemd's notification protocol (sd_notify(3)): ready, alive, stopping.
// Thread-safe; never waits: a message that cannot be sent at once is lost, the next one comes. Without NOTIFY_SOCKET all do nothing.
// Not by libsystemd: one datagram needs no library in each program.
#pragma once

#include "content/base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace capsule {

class ServiceManager {
public:
    // As the environment says: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID.
    ServiceManager();
    // `socket`: a path, or "@name" for an abstract one; empty: nobody listens.
    ServiceManager(std::string socket, std::optional<Nanoseconds> watchdog);
    ~ServiceManager();
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;

    // How long after an alive() the process is taken for hung; empty: nobody watches.
    std::optional<Nanoseconds> watchdog() const { return m_watchdog; }

    void ready() const { send("READY=1"); }
    void alive() const { send("WATCHDOG=1"); }
    void stopping() const { send("STOPPING=1"); }
    // One line for people, in `systemctl status`.
    void status(std::string_view line) const { send("STATUS=" + std::string(line)); }

private:
    void send(const std::string& message) const;

    const std::string m_address;
    const std::optional<Nanoseconds> m_watchdog;
    const int m_socket; // -1: nobody listens
};

} // namespace capsule
