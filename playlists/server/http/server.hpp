// An HTTP/1.1 server: event threads for sockets, a worker pool for handlers that block.
//
// A connection whose request is whole is suspended and its request queued; a worker makes the response and resumes it. A
// connection is suspended once per request, and all are resumed before the event threads stop, as libmicrohttpd demands. The
// process must have SIGPIPE ignored or blocked (see `block_signals`). Thread-safe.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "playlists/server/http/connection_watch.hpp"
#include "playlists/server/http/listen.hpp"
#include "playlists/server/http/request.hpp"
#include "playlists/server/http/response.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace capsule::server {

// What may come after the headers.
struct Admission {
    enum class Body { none, memory, spool, sink };
    Body body = Body::none;
    std::uint64_t most = 0;          // bytes; more is 413
    std::optional<Response> refusal; // set: this is the answer, the body is not read
    std::unique_ptr<BodySink> sink;  // for Body::sink
};

class HttpHandler {
public:
    virtual ~HttpHandler() = default;
    // On an event thread, before the body: must be quick.
    virtual Admission admit(const RequestHead& head) = 0;
    // On a worker: may block.
    virtual Response handle(Request request) = 0;
};

struct HttpSettings {
    unsigned event_threads = 2;
    unsigned workers = 8;
    unsigned most_connections = 10'000;
    std::size_t most_waiting = 2'000;               // requests that wait for a worker; more is 503
    std::uint64_t memory_for_bodies = 256ull << 20; // of all requests together; more is 503
    Patience patience;
    Path uploads; // the folder for spooled bodies; must be there and on the file system where blobs are kept
};

class HttpServer {
public:
    // Takes the socket over. `handler`, `clock` and `random` must outlive the server.
    static Result<std::unique_ptr<HttpServer>> start(ListeningSocket socket, HttpHandler& handler, const Clock& clock,
                                                     Random& random, HttpSettings settings);
    ~HttpServer(); // stops

    // Takes no more connections, answers what is being handled, closes. Returns when all threads have ended; again: does nothing.
    void stop();
    std::size_t connections() const;

private:
    HttpServer();
    struct Daemon;
    std::unique_ptr<Daemon> m_daemon;
};

// Blocks SIGPIPE, SIGTERM and SIGINT in the calling thread and those that it starts: call it first in main.
void block_signals();

} // namespace capsule::server
