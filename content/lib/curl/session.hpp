// One HTTP connection that carries one transfer after another (libcurl's easy handle). Thread-bound: one thread at a time.
//
// Errors: timeout (no answer, or a transfer that stands still), io (no connection, cut, reset), refused (certificate; body larger
// than allowed; stopped from outside), invalid (not a URL). The message names the method and address. A bad status is an answer,
// no error.
#pragma once

#include "content/base/result.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace capsule::http {

// Against what time a certificate is held.
struct CertificateTime {
    std::int64_t unix_seconds = 0;
    bool known = true; // false: it is a lower bound only; notBefore is then not looked at
};

struct Settings {
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::seconds stall_timeout{20}; // gives up when less than 50 bytes per second came for that long
    std::string ca_bundle;                  // file with authorities in PEM, beside the system's; empty: none
    std::function<CertificateTime()> certificate_time; // asked at each connection, thread-safe; empty: the system's clock
    std::string proxy;                      // "http://HOST:PORT"; empty: as the environment says
    std::string user_agent = "capsule";
    std::int64_t bytes_per_second = 0;       // ceiling for received bytes (throttle.hpp); 0: none
    const std::atomic<bool>* stop = nullptr; // looked at while waiting; outlives the session
};

// What an upload sends, piece by piece.
class Source {
public:
    virtual ~Source() = default;
    virtual std::uint64_t size() const = 0;
    // Fills the front of `space` and says how much; 0 at the end.
    virtual Result<std::size_t> read(std::span<char> space) = 0;
};

struct Request {
    std::string method = "GET";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;                     // sent with POST, PUT …
    Source* upload = nullptr;             // instead of `body`
    std::uint64_t resume_from = 0;        // asks for the range from there to the end
    bool compressed = false;              // accepts gzip; the body arrives decoded
    std::uint64_t most_bytes = 16u << 20; // of a body in memory
    std::chrono::milliseconds within{0};  // from the first step to the last byte, however it trickles; 0: no bound
};

struct Response {
    long status = 0;
    std::map<std::string, std::string> headers; // names in lower case; the last of equal names
    std::string body;

    // Empty when there is none.
    std::string header(const std::string& name) const;
};

// Takes a body piece by piece.
class Sink {
public:
    virtual ~Sink() = default;
    // Once, before the first piece and also when there is none; an error ends the transfer and is what get() returns.
    virtual Result<void> begin(const Response& head) = 0;
    virtual Result<void> take(std::string_view piece) = 0;
};

class Session {
public:
    explicit Session(Settings settings);
    ~Session();
    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;

    // The whole body in memory; refused when it is larger than request.most_bytes.
    Result<Response> perform(const Request& request);
    // The body goes to `sink`. After an error what the sink took before it is good as far as it goes.
    Result<Response> perform(const Request& request, Sink& sink);

private:
    struct Handle;
    std::unique_ptr<Handle> m_handle;
};

// "a b/é" → "a%20b%2F%C3%A9", for one segment of a path or one value of a query (RFC 3986).
std::string percent_encoded(std::string_view text);

} // namespace capsule::http
