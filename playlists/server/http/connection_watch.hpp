// Closes connections whose requests come in too slowly. libmicrohttpd's own time-out counts from the last byte, so one byte every
// few seconds would hold a connection for ever. Thread-safe; a thread of its own looks twice a second.
#pragma once

#include "content/base/clock.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

namespace capsule::server {

struct Patience {
    Milliseconds first_request{20'000}; // from connecting to the first request line
    Milliseconds idle{75'000};          // between requests of a connection that is kept
    Milliseconds headers{20'000};       // from the request line to the end of the headers
    Milliseconds body{30'000};          // for the body, and one second more for each `body_rate` bytes that came
    std::uint64_t body_rate = 2048;     // bytes a second
};

class ConnectionWatch {
public:
    enum class Phase { first_request, idle, headers, body, answering };

    struct Connection {
        int descriptor = -1;
        std::atomic<Phase> phase{Phase::first_request};
        std::atomic<std::int64_t> since_ns{0};
        std::atomic<std::uint64_t> body_bytes{0};
    };

    ConnectionWatch(const Clock& clock, Patience patience);
    ~ConnectionWatch();

    // The pointer stays good until `remove`, which must come before the descriptor is closed.
    Connection* add(int descriptor);
    void remove(Connection* connection);
    void enter(Connection& connection, Phase phase) const;
    std::size_t size() const;

private:
    void watch_thread();
    bool is_late(const Connection& connection, std::int64_t now_ns) const;

    const Clock& m_clock;
    const Patience m_patience;
    mutable std::mutex m_mutex;
    std::condition_variable m_stop;
    bool m_stopping = false;
    std::unordered_map<Connection*, std::unique_ptr<Connection>> m_connections;
    std::thread m_thread;
};

} // namespace capsule::server
