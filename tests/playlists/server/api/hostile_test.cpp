// What strangers send: guesses, slow headers, enormous bodies, names that lead elsewhere. The server stays well.
#include "tests/catch.hpp"
#include "tests/fakes/running_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

using namespace capsule;

namespace {

int connect_to(const std::string& address) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(descriptor, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
    const timeval patience{10, 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return descriptor;
}

bool send_text(int descriptor, const std::string& text) {
    return ::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

std::string first_bytes(int descriptor) {
    char buffer[2048];
    const ssize_t got = ::recv(descriptor, buffer, sizeof buffer, 0);
    return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : std::string{};
}

std::size_t resident_kilobytes() {
    SystemDisk disk;
    const std::string status = *disk.read("/proc/self/status", 1u << 16);
    return static_cast<std::size_t>(std::stoul(status.substr(status.find("VmRSS:") + 6)));
}

} // namespace

TEST_CASE("ten thousand guesses of a password let nobody in, keep nobody else out, and are kept nowhere") {
    RunningServer running;
    running.add_account("eve", "evaluator");
    HttpClient guesser(running.url());
    int refused = 0, limited = 0;
    for (int i = 0; i < 10'000; ++i) {
        const long status = guesser.post("/api/v1/sessions", R"({"login":"eve","password":"essai )" + std::to_string(i) + "\"}").status;
        refused += status == 401;
        limited += status == 429;
    }
    CHECK(refused == 10);
    CHECK(limited == 9'990);
    CHECK_FALSE(running.token("anne").empty());
    // Over many names, what limits is the address.
    int missing = 0;
    for (int i = 0; i < 300; ++i)
        missing += guesser.post("/api/v1/invitations/find", R"({"secret":")" + std::to_string(i) + "\"}").status == 404;
    CHECK(missing <= 100);
    CHECK(running.token("anne").empty()); // from this address, for a quarter of an hour
    running.clock.advance(std::chrono::minutes(16));
    CHECK_FALSE(running.token("anne").empty());
    auto database = sqlite::Database::open(running.settings.data / "server.db");
    auto tables = database->prepare("SELECT count(*) FROM sqlite_master WHERE name='sign_in_attempts'");
    REQUIRE(*tables->step());
    CHECK(tables->integer(0) == 0);
}

TEST_CASE("a body of ten gigabytes is refused before it is read, and costs neither memory nor disk") {
    RunningServer running;
    const std::size_t before = resident_kilobytes();
    for (const char* path : {"/api/v1/sessions", "/api/v1/playlists/a", "/api/v1/blobs/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                             "/api/v1/invitations", "/healthz", "/nothing"}) {
        INFO(path);
        const int descriptor = connect_to(running.server->address());
        const std::string method = std::string(path).ends_with("sessions") || std::string(path).ends_with("invitations") ? "POST" : "PUT";
        REQUIRE(send_text(descriptor, method + " " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + running.token("anne") +
                                          "\r\nContent-Length: 10737418240\r\n\r\n"));
        std::string chunk(1u << 16, 'x'), answer;
        std::size_t sent = 0;
        while (sent < (64u << 20) && send_text(descriptor, chunk))
            sent += chunk.size();
        answer = first_bytes(descriptor);
        CHECK((answer.empty() || answer.starts_with("HTTP/1.1 413") || answer.starts_with("HTTP/1.1 40")));
        CHECK(sent < (64u << 20)); // the connection was closed long before
        ::close(descriptor);
        CHECK(running.client->get("/healthz").status == 200);
    }
    CHECK(resident_kilobytes() < before + 60'000);
    CHECK(std::filesystem::is_empty(running.settings.data / "uploads"));
}

TEST_CASE("headers that drip in are cut off while others are served") {
    RunningServer running;
    running.settings.patience.first_request = Milliseconds(1000);
    running.settings.patience.headers = Milliseconds(1000);
    running.server.reset();
    running.start();
    std::vector<int> slow;
    for (int i = 0; i < 50; ++i) {
        slow.push_back(connect_to(running.server->address()));
        REQUIRE(send_text(slow.back(), "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: "));
    }
    const auto begun = std::chrono::steady_clock::now();
    bool closed = false;
    for (int tries = 0; tries < 100 && !closed; ++tries) {
        CHECK(running.client->get("/healthz").status == 200);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        running.clock.advance(Milliseconds(100));
        closed = true;
        for (const int descriptor : slow)
            closed = !send_text(descriptor, "x") && closed;
    }
    CHECK(closed);
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(60));
    for (const int descriptor : slow)
        ::close(descriptor);
}

TEST_CASE("a name that leads elsewhere is no name, on every route that takes one") {
    RunningServer running;
    for (const char* base : {"/api/v1/capsules/", "/api/v1/playlists/", "/api/v1/schedules/", "/api/v1/sites/", "/api/v1/screens/",
                             "/api/v1/devices/", "/api/v1/blobs/", "/api/v1/people/", "/api/v1/account/tokens/", "/api/v1/invitations/",
                             "/blobs/", "/release/", "/console/assets/"})
        for (const char* name : {"..", ".", "%2e%2e", "..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "a%00b", "a%2Fb", "..%5c..%5cserver.db",
                                 "....//server.db", "%c0%ae%c0%ae", "%ff"}) {
            INFO(base << name);
            for (const char* method : {"GET", "PUT", "DELETE"}) {
                const std::string body = "{}";
                const long status =
                    running.client->send(method, std::string(base) + name, std::string(method) == "PUT" ? &body : nullptr, {}).status;
                CHECK((status >= 400 && status < 500));
            }
        }
    CHECK(running.client->get("/healthz").status == 200);
}
