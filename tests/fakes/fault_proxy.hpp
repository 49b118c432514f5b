// A TCP proxy on the loopback that treats its connections badly, as lines and boxes in between do. Every byte is counted.
// What happens to a connection is decided when it is opened.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace capsule {

class FaultProxy {
public:
    struct Plan {
        std::optional<std::size_t> cut_after;   // bytes towards the client; then the connection ends
        bool reset = false;                     // by RST instead of FIN
        std::size_t drip = 0;                   // so many bytes a millisecond; 0: as they come
        std::string instead;                    // said to the client in place of everything the server would say
    };
    using Planner = std::function<Plan(std::size_t connection)>; // called on the proxy's thread; counted from 0

    FaultProxy(std::uint16_t server_port, Planner planner) : m_server_port(server_port), m_planner(std::move(planner)) {
        m_listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = loopback(0);
        socklen_t length = sizeof address;
        (void)bind(m_listener, reinterpret_cast<sockaddr*>(&address), sizeof address);
        (void)listen(m_listener, 16);
        (void)getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length);
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this] { run(); });
    }
    ~FaultProxy() {
        m_stop = true;
        m_thread.join();
        close(m_listener);
    }
    std::string address() const { return "http://127.0.0.1:" + std::to_string(m_port); }
    std::size_t to_client() const { return m_to_client; }
    std::size_t to_server() const { return m_to_server; }
    std::size_t connections() const { return m_connections; }
    std::size_t cuts() const { return m_cuts; }

private:
    static sockaddr_in loopback(std::uint16_t port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        return address;
    }
    void run() {
        while (!m_stop) {
            pollfd waiting{m_listener, POLLIN, 0};
            if (poll(&waiting, 1, 20) <= 0)
                continue;
            const int client = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (client < 0)
                continue;
            const Plan plan = m_planner(m_connections++);
            if (plan.instead.empty())
                pass(client, plan);
            else
                say(client, plan.instead);
            close(client);
        }
    }
    // One connection at a time is enough: the tests' clients open no second one before the first has ended.
    void pass(int client, const Plan& plan) {
        const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in address = loopback(m_server_port);
        if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
            std::size_t left = plan.cut_after.value_or(SIZE_MAX);
            char buffer[16384];
            for (bool open = true; open && !m_stop;) {
                pollfd both[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
                if (poll(both, 2, 20) < 0)
                    break;
                if (both[0].revents) {
                    const ssize_t got = recv(client, buffer, sizeof buffer, 0);
                    open = got > 0 && send_all(server, buffer, static_cast<std::size_t>(got));
                    m_to_server += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
                }
                if (open && both[1].revents) {
                    const std::size_t most = std::min({left, sizeof buffer, plan.drip ? plan.drip : sizeof buffer});
                    const ssize_t got = recv(server, buffer, most, 0);
                    open = got > 0 && send_all(client, buffer, static_cast<std::size_t>(got));
                    m_to_client += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
                    left -= static_cast<std::size_t>(std::max<ssize_t>(got, 0));
                    if (left == 0) {
                        ++m_cuts;
                        end(client, plan.reset);
                        open = false;
                    }
                    if (plan.drip)
                        std::this_thread::sleep_for(std::chrono::milliseconds(1));
                }
            }
        }
        close(server);
    }
    // A reset throws away what the receiver has not read yet; on a real line that is next to nothing, so it is given a moment here.
    static void end(int client, bool reset) {
        if (!reset)
            return;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        const linger at_once{1, 0};
        setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    void say(int client, const std::string& text) {
        char request[4096];
        (void)recv(client, request, sizeof request, 0);
        if (send_all(client, text.data(), text.size()))
            m_to_client += text.size();
        shutdown(client, SHUT_WR);
    }
    static bool send_all(int socket, const char* bytes, std::size_t count) {
        while (count > 0) {
            const ssize_t sent = send(socket, bytes, count, MSG_NOSIGNAL);
            if (sent <= 0)
                return false;
            bytes += sent;
            count -= static_cast<std::size_t>(sent);
        }
        return true;
    }

    const std::uint16_t m_server_port;
    Planner m_planner;
    int m_listener = -1;
    std::uint16_t m_port = 0;
    std::atomic<std::size_t> m_to_client{0}, m_to_server{0}, m_connections{0}, m_cuts{0};
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

} // namespace capsule
