// One HTTP request, whole. Reentrant values. The client's address is not part of it, see `client`.
#pragma once

#include "content/base/digest.hpp"
#include "content/base/disk.hpp"
#include "content/base/result.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::server {

// A body that was written to a file while it came in. The file goes with the object unless it was renamed before.
class SpooledFile {
public:
    SpooledFile() = default;
    SpooledFile(Path file, std::uint64_t bytes, const Digest& digest)
        : m_path(std::move(file)), m_bytes(bytes), m_digest(digest) {}
    SpooledFile(SpooledFile&& other) noexcept { swap(other); }
    SpooledFile& operator=(SpooledFile&& other) noexcept {
        swap(other);
        return *this;
    }
    ~SpooledFile();
    const Path& path() const { return m_path; }
    std::uint64_t bytes() const { return m_bytes; }
    const Digest& digest() const { return m_digest; } // SHA-256 of the content

private:
    void swap(SpooledFile& other) {
        m_path.swap(other.m_path);
        std::swap(m_bytes, other.m_bytes);
        std::swap(m_digest, other.m_digest);
    }
    Path m_path;
    std::uint64_t m_bytes = 0;
    Digest m_digest;
};

// Takes a body piece by piece as it comes in; what it has taken stays taken when the connection is cut. Its calls come from one thread
// after the other: event threads, then the worker that answers.
class BodySink {
public:
    virtual ~BodySink() = default;
    // Must be quick: an event thread waits. An error is the answer, and the rest of the body is not taken.
    virtual Result<void> take(std::string_view bytes) = 0;
};

// What is known before the body.
struct RequestHead {
    std::string method;                         // "GET", …
    std::string raw_path;                       // as sent, without query
    std::vector<std::string> segments;          // of the path, percent-decoded; "/a/b" is {"a", "b"}
    std::map<std::string, std::string> headers; // lower-case names; several of a name joined by ", "
    std::map<std::string, std::string> query;   // decoded; the first of a name counts
    std::optional<std::uint64_t> content_length;
    // Stands for the client's address (of IPv6 its /64): the same for requests from one, and nothing else. It comes of a key that is drawn at
    // each start and kept nowhere, so it is of no use outside this process.
    std::string client;

    // Empty when it was not sent.
    std::string header(const std::string& lower_case_name) const;
    std::string parameter(const std::string& name) const;
    std::string cookie(std::string_view name) const;
};

struct Request : RequestHead {
    std::string body;                   // when the route keeps it in memory
    std::optional<SpooledFile> spooled; // when the route keeps it in a file
    std::unique_ptr<BodySink> sink;     // when the route takes it piece by piece; it has taken all
};

// Splits at "/" and decodes each part. Empty for what is no path: not beginning with "/", a bad escape, a NUL, an encoded slash,
// bytes that are no UTF-8, or a "." or ".." segment.
std::optional<std::vector<std::string>> split_path(std::string_view raw_path);

} // namespace capsule::server
