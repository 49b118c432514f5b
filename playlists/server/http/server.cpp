#include "playlists/server/http/server.hpp"

#include "content/base/log.hpp"
#include "content/base/mailbox.hpp"
#include "playlists/server/http/client_tag.hpp"
#include "playlists/server/http/gzip.hpp"
#include "playlists/server/http/spool.hpp"

#include <microhttpd.h>

#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <exception>
#include <strings.h>
#include <unistd.h>

namespace capsule::server {

namespace {

// What a body may exceed its limit by and still be read to its end, so that the client hears 413 instead of a reset.
constexpr std::uint64_t politeness = 1u << 20;

// One request on its way; owned by its connection, between suspend and resume by the worker alone.
struct Exchange {
    std::string target; // as sent
    Request request;
    Admission admission;
    bool admitted = false;
    bool suspended = false;
    std::uint64_t received = 0;
    std::uint64_t reserved = 0; // of the budget for bodies
    std::optional<Spool> spool;
    std::optional<Response> answer; // known before a worker is asked
    MHD_Response* response = nullptr;
    int status = 0;
};

struct Job {
    MHD_Connection* connection = nullptr;
    Exchange* exchange = nullptr;
};

MHD_Result add_header(void* cls, MHD_ValueKind, const char* key, const char* value) {
    auto& headers = *static_cast<std::map<std::string, std::string>*>(cls);
    std::string name;
    for (const char* c = key; *c; ++c)
        name += static_cast<char>(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
    auto [slot, fresh] = headers.emplace(name, value ? value : "");
    if (!fresh)
        slot->second += (name == "cookie" ? "; " : ", ") + std::string(value ? value : "");
    return MHD_YES;
}

MHD_Result add_argument(void* cls, MHD_ValueKind, const char* key, const char* value) {
    static_cast<std::map<std::string, std::string>*>(cls)->emplace(key ? key : "", value ? value : "");
    return MHD_YES;
}

void log_line(void*, const char* format, va_list arguments) {
    char line[512];
    std::vsnprintf(line, sizeof line, format, arguments);
    std::string_view text(line);
    while (text.ends_with('\n'))
        text.remove_suffix(1);
    log_debug("http", text);
}

void add_security_headers(Response& response) {
    const auto add = [&](const char* name, const char* value) {
        if (!response.has(name))
            response.set(name, value);
    };
    add("Content-Security-Policy", "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
                                   "form-action 'self'; frame-ancestors 'none'");
    add("X-Content-Type-Options", "nosniff");
    add("Referrer-Policy", "no-referrer");
}

int status_of_failed_body(const Error& error) {
    return error.category == Category::no_space ? 507 : error.category == Category::refused ? 409 : 500;
}

MHD_Response* to_mhd(Response& response) {
    MHD_Response* made = nullptr;
    if (response.file) {
        const std::uint64_t offset = response.file->offset(), length = response.file->length();
        const int descriptor = response.file->release();
        made = MHD_create_response_from_fd_at_offset64(length, descriptor, offset);
        if (!made)
            ::close(descriptor);
    } else {
        made = MHD_create_response_from_buffer(response.body.size(), response.body.data(), MHD_RESPMEM_MUST_COPY);
    }
    if (made)
        for (const auto& [name, value] : response.headers)
            (void)MHD_add_response_header(made, name.c_str(), value.c_str());
    return made;
}

} // namespace

struct HttpServer::Daemon {
    HttpHandler& handler;
    const HttpSettings settings;
    Random& random;
    const std::string client_key; // of this process alone
    ConnectionWatch watch;
    Mailbox<Job> jobs;
    std::vector<std::thread> workers;
    std::atomic<bool> stopping = false;
    std::atomic<std::uint64_t> body_memory = 0;
    MHD_Daemon* daemon = nullptr;

    Daemon(HttpHandler& h, const Clock& clock, Random& r, HttpSettings s)
        : handler(h), settings(std::move(s)), random(r), client_key(random.hex(32)), watch(clock, settings.patience), jobs(settings.most_waiting) {}

    ConnectionWatch::Connection* watched(MHD_Connection* connection) {
        const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
        return info ? static_cast<ConnectionWatch::Connection*>(info->socket_context) : nullptr;
    }
    void enter(MHD_Connection* connection, ConnectionWatch::Phase phase) {
        if (auto* known = watched(connection))
            watch.enter(*known, phase);
    }

    void admit(MHD_Connection* connection, Exchange& exchange, const char* method);
    void receive(MHD_Connection* connection, Exchange& exchange, std::string_view bytes);
    MHD_Result dispatch(MHD_Connection* connection, Exchange& exchange);
    MHD_Result answer_now(MHD_Connection* connection, Exchange& exchange, Response response);
    void finish(Exchange& exchange, Response response);
    void work_thread();

    static MHD_Result on_request(void* cls, MHD_Connection* connection, const char* url, const char* method, const char* version,
                                 const char* data, std::size_t* size, void** context);
    static void on_completed(void* cls, MHD_Connection* connection, void** context, MHD_RequestTerminationCode why);
    static void on_connection(void* cls, MHD_Connection* connection, void** context, MHD_ConnectionNotificationCode code);
    static void* on_uri(void* cls, const char* uri, MHD_Connection* connection);
};

void* HttpServer::Daemon::on_uri(void* cls, const char* uri, MHD_Connection* connection) {
    auto exchange = std::make_unique<Exchange>();
    exchange->target = uri;
    static_cast<Daemon*>(cls)->enter(connection, ConnectionWatch::Phase::headers);
    return exchange.release();
}

void HttpServer::Daemon::on_connection(void* cls, MHD_Connection* connection, void** context,
                                       MHD_ConnectionNotificationCode code) {
    auto& self = *static_cast<Daemon*>(cls);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        *context = info ? self.watch.add(info->connect_fd) : nullptr;
    } else if (*context) {
        self.watch.remove(static_cast<ConnectionWatch::Connection*>(*context));
        *context = nullptr;
    }
}

void HttpServer::Daemon::on_completed(void* cls, MHD_Connection* connection, void** context, MHD_RequestTerminationCode) {
    auto& self = *static_cast<Daemon*>(cls);
    const std::unique_ptr<Exchange> exchange(static_cast<Exchange*>(*context));
    *context = nullptr;
    if (exchange) {
        exchange->request.sink.reset(); // before anybody hears that the connection is free
        self.body_memory -= exchange->reserved;
        if (exchange->response)
            MHD_destroy_response(exchange->response);
    }
    self.enter(connection, ConnectionWatch::Phase::idle);
}

// Reads the head and asks the handler what may follow.
void HttpServer::Daemon::admit(MHD_Connection* connection, Exchange& exchange, const char* method) {
    Request& request = exchange.request;
    request.method = method;
    request.raw_path = exchange.target.substr(0, exchange.target.find('?'));
    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &request.headers);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_argument, &request.query);
    const auto* peer = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    request.client = client_tag(peer ? peer->client_addr : nullptr, request.header("x-forwarded-for"), client_key);
    if (const std::string announced = request.header("content-length"); !announced.empty())
        request.content_length = std::strtoull(announced.c_str(), nullptr, 10); // libmicrohttpd has checked that it is a number
    // RFC 9112, 6.3: a message whose length can be read in two ways may hide another one behind it.
    const std::string length = request.header("content-length");
    if ((!length.empty() && request.headers.contains("transfer-encoding")) || length.find(',') != std::string::npos) {
        exchange.answer = problem(400, "the body's length is given twice");
        exchange.answer->set("Connection", "close");
        return;
    }
    auto segments = split_path(request.raw_path);
    if (!segments) {
        exchange.answer = problem(400, "the path is malformed");
        return;
    }
    request.segments = std::move(*segments);
    exchange.admission = handler.admit(request);
    if (exchange.admission.refusal)
        exchange.answer = std::move(exchange.admission.refusal);
    else if (request.content_length.value_or(0) > exchange.admission.most)
        exchange.answer = problem(413, "the body may have at most " + std::to_string(exchange.admission.most) + " bytes here");
    else if (exchange.admission.body == Admission::Body::sink) {
        request.sink = std::move(exchange.admission.sink);
    } else if (exchange.admission.body == Admission::Body::spool) {
        auto spool = Spool::create(settings.uploads / ("body-" + random.hex(16)));
        if (spool)
            exchange.spool.emplace(std::move(*spool));
        else
            exchange.answer = problem(status_of_failed_body(spool.error()), spool.error().message);
    }
}

void HttpServer::Daemon::receive(MHD_Connection* connection, Exchange& exchange, std::string_view bytes) {
    exchange.received += bytes.size();
    if (auto* known = watched(connection))
        known->body_bytes = exchange.received;
    if (exchange.answer)
        return; // read to the end for politeness only
    if (exchange.received > exchange.admission.most) {
        exchange.answer = problem(413, "the body may have at most " + std::to_string(exchange.admission.most) + " bytes here");
    } else if (exchange.request.sink) {
        if (auto taken = exchange.request.sink->take(bytes); !taken)
            exchange.answer = problem(status_of_failed_body(taken.error()), taken.error().message);
    } else if (exchange.spool) {
        if (auto written = exchange.spool->append(bytes); !written)
            exchange.answer = problem(status_of_failed_body(written.error()), written.error().message);
    } else {
        exchange.reserved += bytes.size();
        if (body_memory.fetch_add(bytes.size()) + bytes.size() > settings.memory_for_bodies)
            exchange.answer = problem(503, "the server is busy; try again in a moment");
        else
            exchange.request.body += bytes;
    }
    if (exchange.answer) {
        exchange.spool.reset();
        exchange.request.sink.reset();
        exchange.request.body = {};
    }
}

void HttpServer::Daemon::finish(Exchange& exchange, Response response) {
    add_security_headers(response);
    exchange.status = response.status;
    exchange.response = to_mhd(response);
}

MHD_Result HttpServer::Daemon::answer_now(MHD_Connection* connection, Exchange& exchange, Response response) {
    enter(connection, ConnectionWatch::Phase::answering);
    finish(exchange, std::move(response));
    return exchange.response ? MHD_queue_response(connection, static_cast<unsigned>(exchange.status), exchange.response) : MHD_NO;
}

// The request is whole: a worker's turn.
MHD_Result HttpServer::Daemon::dispatch(MHD_Connection* connection, Exchange& exchange) {
    if (exchange.spool)
        exchange.request.spooled = exchange.spool->finish();
    exchange.spool.reset();
    enter(connection, ConnectionWatch::Phase::answering);
    exchange.suspended = true;
    MHD_suspend_connection(connection);
    if (!jobs.try_push(Job{connection, &exchange})) {
        Response busy = problem(503, stopping ? "the server is stopping" : "the server is busy; try again in a moment");
        busy.set("Retry-After", "5");
        finish(exchange, std::move(busy));
        MHD_resume_connection(connection);
    }
    return MHD_YES;
}

MHD_Result HttpServer::Daemon::on_request(void* cls, MHD_Connection* connection, const char*, const char* method, const char*,
                                          const char* data, std::size_t* size, void** context) {
    auto& self = *static_cast<Daemon*>(cls);
    if (!*context)
        return MHD_NO;
    Exchange& exchange = *static_cast<Exchange*>(*context);
    if (exchange.response)
        return MHD_queue_response(connection, static_cast<unsigned>(exchange.status), exchange.response);
    if (exchange.suspended)
        return MHD_NO; // no response could be made: close
    if (!exchange.admitted) {
        exchange.admitted = true;
        self.enter(connection, ConnectionWatch::Phase::body);
        self.admit(connection, exchange, method);
        // A refusal before the body is sent at once, unless the body is small enough to be read away.
        const bool chunked = !exchange.request.content_length && exchange.request.headers.contains("transfer-encoding");
        const bool expects = exchange.request.headers.contains("expect");
        if (exchange.answer && (chunked || expects || exchange.request.content_length.value_or(0) > politeness))
            return self.answer_now(connection, exchange, std::move(*exchange.answer));
        return MHD_YES;
    }
    if (*size > 0) {
        self.receive(connection, exchange, {data, *size});
        *size = 0;
        return exchange.received > exchange.admission.most + politeness ? MHD_NO : MHD_YES;
    }
    if (exchange.answer)
        return self.answer_now(connection, exchange, std::move(*exchange.answer));
    return self.dispatch(connection, exchange);
}

void HttpServer::Daemon::work_thread() {
    while (auto job = jobs.pop()) {
        Response response;
        if (stopping) {
            response = problem(503, "the server is stopping");
        } else {
            try {
                response = handler.handle(std::move(job->exchange->request));
            } catch (const std::exception& error) {
                log_error("http", std::string("a handler failed: ") + error.what());
                response = problem(500, "the server failed; its log says more");
            }
        }
        finish(*job->exchange, std::move(response));
        MHD_resume_connection(job->connection); // from here on the exchange is the event thread's again
    }
}

HttpServer::HttpServer() = default;
HttpServer::~HttpServer() {
    stop();
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(ListeningSocket socket, HttpHandler& handler, const Clock& clock,
                                                      Random& random, HttpSettings settings) {
    std::unique_ptr<HttpServer> self(new HttpServer);
    self->m_daemon = std::make_unique<Daemon>(handler, clock, random, std::move(settings));
    Daemon& daemon = *self->m_daemon;
    const int descriptor = socket.release();
    daemon.daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_INTERNAL_POLLING_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, nullptr, nullptr,
        &Daemon::on_request, &daemon, MHD_OPTION_EXTERNAL_LOGGER, &log_line, nullptr, MHD_OPTION_LISTEN_SOCKET, descriptor,
        MHD_OPTION_THREAD_POOL_SIZE, daemon.settings.event_threads, MHD_OPTION_CONNECTION_LIMIT, daemon.settings.most_connections,
        MHD_OPTION_CONNECTION_TIMEOUT,
        static_cast<unsigned>(std::chrono::duration_cast<std::chrono::seconds>(daemon.settings.patience.idle).count() + 1),
        MHD_OPTION_NOTIFY_COMPLETED, &Daemon::on_completed, &daemon, MHD_OPTION_NOTIFY_CONNECTION, &Daemon::on_connection,
        &daemon, MHD_OPTION_URI_LOG_CALLBACK, &Daemon::on_uri, &daemon, MHD_OPTION_END);
    if (!daemon.daemon) {
        ::close(descriptor);
        return Error{Category::io, "the HTTP server cannot start: too few files or threads are allowed (see ulimit -n)"};
    }
    for (unsigned i = 0; i < daemon.settings.workers; ++i)
        daemon.workers.emplace_back([&daemon] { daemon.work_thread(); });
    return self;
}

void HttpServer::stop() {
    if (!m_daemon || !m_daemon->daemon)
        return;
    m_daemon->stopping = true;
    const MHD_socket listening = MHD_quiesce_daemon(m_daemon->daemon);
    m_daemon->jobs.close();
    for (auto& worker : m_daemon->workers)
        worker.join(); // each has resumed what it took
    MHD_stop_daemon(m_daemon->daemon);
    m_daemon->daemon = nullptr;
    if (listening != MHD_INVALID_SOCKET)
        ::close(listening); // not before the event threads have ended: they might still accept from it
}

std::size_t HttpServer::connections() const {
    return m_daemon->watch.size();
}

void block_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGPIPE, SIGTERM, SIGINT})
        sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

} // namespace capsule::server
