// The server with a small handler of its own, and clients that behave badly.
#include "playlists/server/http/server.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/http_client.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

using namespace capsule;
using namespace capsule::server;

namespace {

struct Echo final : HttpHandler {
    std::atomic<int> handled = 0;
    std::atomic<bool> hold = false;

    Admission admit(const RequestHead& head) override {
        Admission admission;
        admission.body = head.raw_path == "/spool" ? Admission::Body::spool : Admission::Body::memory;
        admission.most = 100'000;
        if (head.raw_path == "/none")
            admission = {};
        return admission;
    }
    Response handle(Request request) override {
        ++handled;
        while (hold)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        if (request.raw_path == "/throw")
            throw std::runtime_error("on purpose");
        if (request.spooled)
            return text_response(200, "text/plain",
                                 request.spooled->digest().hex() + " " + std::to_string(request.spooled->bytes()));
        return text_response(200, "text/plain", request.method + " " + request.body);
    }
};

struct Fixture {
    TemporaryFolder folder;
    SystemClock clock;
    SystemRandom random;
    Echo echo;
    std::unique_ptr<HttpServer> server;
    std::uint16_t port = 0;

    explicit Fixture(HttpSettings settings = {}) {
        block_signals();
        auto socket = ListeningSocket::open("127.0.0.1:0");
        REQUIRE(socket.ok());
        port = socket->port();
        settings.uploads = folder.path();
        auto started = HttpServer::start(std::move(*socket), echo, clock, random, settings);
        REQUIRE(started.ok());
        server = std::move(*started);
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port); }
};

// A bare connection.
class Socket {
public:
    explicit Socket(std::uint16_t port) : m_descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::connect(m_descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        const timeval patience{10, 0};
        ::setsockopt(m_descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    ~Socket() { ::close(m_descriptor); }
    bool send(const std::string& bytes) {
        return ::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
    }
    // Until the end of the connection, or ten seconds without a byte ("…").
    std::string receive_all() {
        std::string all;
        char buffer[4096];
        for (;;) {
            const ssize_t got = ::recv(m_descriptor, buffer, sizeof buffer, 0);
            if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
                return all + "…";
            if (got <= 0)
                return all;
            all.append(buffer, static_cast<std::size_t>(got));
        }
    }

private:
    int m_descriptor;
};

} // namespace

TEST_CASE("bodies arrive in memory or in a file, with their digest, and the file is gone afterwards") {
    Fixture f;
    HttpClient client(f.url());
    CHECK(client.post("/memory", "hello").body == "POST hello");
    const std::string body(90'000, 'b');
    CHECK(client.put("/spool", body).body == sha256(body).hex() + " 90000");
    CHECK(client.put("/spool", body, {"Transfer-Encoding: chunked"}).body == sha256(body).hex() + " 90000");
    CHECK(client.put("/spool", "").body == sha256("").hex() + " 0");
    CHECK(std::filesystem::is_empty(f.folder.path()));
}

TEST_CASE("a body above the limit is 413, told in advance or not, and reaches no handler") {
    Fixture f;
    HttpClient client(f.url());
    for (const char* path : {"/memory", "/spool"})
        for (const std::size_t size : {100'001u, 900'000u, 5'000'000u}) {
            INFO(path << " " << size);
            CHECK(client.post(path, std::string(size, 'x')).status == 413);
        }
    CHECK(client.post("/spool", std::string(200'000, 'x'), {"Transfer-Encoding: chunked"}).status == 413);
    CHECK(client.post("/none", "x").status == 413);
    CHECK(f.echo.handled == 0);
    CHECK(std::filesystem::is_empty(f.folder.path()));
}

TEST_CASE("a body whose length is given in two ways is refused and the connection closed") {
    Fixture f;
    for (const char* lengths : {"Content-Length: 3\r\nContent-Length: 5\r\n", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"}) {
        INFO(lengths);
        Socket client(f.port);
        REQUIRE(client.send("POST /memory HTTP/1.1\r\nHost: x\r\n" + std::string(lengths) +
                            "\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"));
        const std::string answer = client.receive_all();
        CHECK(answer.find("400 Bad Request") != std::string::npos);
        CHECK(answer.find("/hidden") == std::string::npos);
    }
    CHECK(f.echo.handled == 0);
}

TEST_CASE("all bodies together have one budget of memory") {
    HttpSettings settings;
    settings.memory_for_bodies = 50'000;
    Fixture f(settings);
    HttpClient client(f.url());
    CHECK(client.post("/memory", std::string(60'000, 'x')).status == 503);
    CHECK(client.post("/memory", std::string(40'000, 'x')).status == 200);
    CHECK(client.post("/memory", std::string(40'000, 'x')).status == 200);
}

TEST_CASE("a handler that throws is a 500 and the next request is answered") {
    Fixture f;
    HttpClient client(f.url());
    const HttpReply failed = client.get("/throw");
    CHECK(failed.status == 500);
    CHECK(failed.body.find("on purpose") == std::string::npos);
    CHECK(client.get("/x").status == 200);
}

TEST_CASE("clients that drip their headers or bodies are cut off, and others are served meanwhile") {
    HttpSettings settings;
    settings.patience = {std::chrono::milliseconds(600), std::chrono::milliseconds(600), std::chrono::milliseconds(600),
                         std::chrono::milliseconds(600), 1'000'000};
    Fixture f(settings);
    std::vector<std::unique_ptr<Socket>> slow;
    for (int i = 0; i < 20; ++i)
        slow.push_back(std::make_unique<Socket>(f.port));
    Socket body(f.port);
    REQUIRE(body.send("POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nab"));
    HttpClient client(f.url());
    const auto start = std::chrono::steady_clock::now();
    while (f.server->connections() > 1 && std::chrono::steady_clock::now() - start < std::chrono::seconds(10)) {
        for (auto& one : slow)
            (void)one->send("G"); // a byte each time: never silent for long
        (void)body.send("x");
        CHECK(client.get("/quick").status == 200);
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    CHECK(f.server->connections() <= 1); // the quick client's
    CHECK(body.receive_all().find("200") == std::string::npos);
}

TEST_CASE("more than the workers can do waits, and more than may wait is 503") {
    HttpSettings settings;
    settings.workers = 1;
    settings.most_waiting = 2;
    Fixture f(settings);
    f.echo.hold = true;
    std::atomic<int> ok = 0, busy = 0;
    std::vector<std::thread> clients;
    const auto ask = [&] {
        const long status = HttpClient(f.url()).get("/x").status;
        ok += status == 200;
        busy += status == 503;
    };
    clients.emplace_back(ask);
    while (f.echo.handled == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    for (int i = 0; i < 7; ++i)
        clients.emplace_back(ask);
    const auto start = std::chrono::steady_clock::now();
    while (busy < 5 && std::chrono::steady_clock::now() - start < std::chrono::seconds(10))
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    f.echo.hold = false;
    for (auto& client : clients)
        client.join();
    CHECK(ok == 3);
    CHECK(busy == 5);
}

TEST_CASE("stopping lets what is handled end, refuses what waits, and is quick with open connections") {
    HttpSettings settings;
    settings.workers = 1;
    Fixture f(settings);
    f.echo.hold = true;
    Socket idle(f.port), half(f.port);
    REQUIRE(half.send("GET / HTT"));
    std::atomic<long> first = 0, second = 0;
    std::thread one([&] { first = HttpClient(f.url()).get("/x").status; });
    while (f.echo.handled == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::thread two([&] { second = HttpClient(f.url()).get("/x").status; });
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::thread release([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        f.echo.hold = false;
    });
    const auto start = std::chrono::steady_clock::now();
    f.server->stop();
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
    one.join();
    two.join();
    release.join();
    CHECK(f.echo.handled == 1);
    CHECK(first != 503);
    CHECK(second != 200);
}

TEST_CASE("an address that cannot be listened on is told in one line") {
    for (const char* bad : {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:x", "no.such.host:1", "::1:80"})
        CHECK(ListeningSocket::open(bad).error().category == Category::invalid);
    auto taken = ListeningSocket::open("127.0.0.1:0");
    REQUIRE(taken.ok());
    const auto again = ListeningSocket::open(taken->address());
    REQUIRE_FALSE(again.ok());
    CHECK(again.error().message.find("already in use") != std::string::npos);
    CHECK(ListeningSocket::open("localhost:0").ok());
}
