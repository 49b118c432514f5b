#include "playlists/server/http/connection_watch.hpp"

#include <sys/socket.h>

namespace capsule::server {

ConnectionWatch::ConnectionWatch(const Clock& clock, Patience patience)
    : m_clock(clock), m_patience(patience), m_thread([this] { watch_thread(); }) {}

ConnectionWatch::~ConnectionWatch() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_stop.notify_all();
    m_thread.join();
}

ConnectionWatch::Connection* ConnectionWatch::add(int descriptor) {
    auto connection = std::make_unique<Connection>();
    Connection* pointer = connection.get();
    pointer->descriptor = descriptor;
    enter(*pointer, Phase::first_request);
    const std::lock_guard lock(m_mutex);
    m_connections.emplace(pointer, std::move(connection));
    return pointer;
}

void ConnectionWatch::remove(Connection* connection) {
    const std::lock_guard lock(m_mutex);
    m_connections.erase(connection);
}

void ConnectionWatch::enter(Connection& connection, Phase phase) const {
    connection.since_ns = m_clock.monotonic().count();
    connection.body_bytes = 0;
    connection.phase = phase;
}

std::size_t ConnectionWatch::size() const {
    const std::lock_guard lock(m_mutex);
    return m_connections.size();
}

bool ConnectionWatch::is_late(const Connection& connection, std::int64_t now_ns) const {
    const Nanoseconds spent{now_ns - connection.since_ns};
    switch (connection.phase.load()) {
    case Phase::first_request:
        return spent > m_patience.first_request;
    case Phase::idle:
        return spent > m_patience.idle;
    case Phase::headers:
        return spent > m_patience.headers;
    case Phase::body:
        return spent > m_patience.body + std::chrono::seconds(connection.body_bytes / m_patience.body_rate);
    case Phase::answering:
        break; // suspended or sending: libmicrohttpd's own time-out counts
    }
    return false;
}

void ConnectionWatch::watch_thread() {
    std::unique_lock lock(m_mutex);
    while (!m_stop.wait_for(lock, std::chrono::milliseconds(500), [&] { return m_stopping; })) {
        const std::int64_t now = m_clock.monotonic().count();
        for (const auto& [pointer, owned] : m_connections)
            if (is_late(*pointer, now))
                ::shutdown(pointer->descriptor, SHUT_RDWR); // the event thread sees the end and closes
    }
}

} // namespace capsule::server
