// One HTTP response. Reentrant values; moved, not copied (it may own an open file).
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace capsule::server {

// An open file of which a part is sent. Closes on destruction unless released.
class OpenFile {
public:
    OpenFile(int descriptor, std::uint64_t offset, std::uint64_t length)
        : m_descriptor(descriptor), m_offset(offset), m_length(length) {}
    OpenFile(OpenFile&& other) noexcept
        : m_descriptor(std::exchange(other.m_descriptor, -1)), m_offset(other.m_offset), m_length(other.m_length) {}
    OpenFile& operator=(OpenFile&& other) noexcept;
    ~OpenFile();
    int release() { return std::exchange(m_descriptor, -1); }
    std::uint64_t offset() const { return m_offset; }
    std::uint64_t length() const { return m_length; }

private:
    int m_descriptor;
    std::uint64_t m_offset, m_length;
};

struct Response {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::optional<OpenFile> file; // instead of `body`

    // Replaces a header of that name.
    Response& set(std::string_view name, std::string value);
    bool has(std::string_view name) const;
    std::string get(std::string_view name) const;
};

Response text_response(int status, std::string content_type, std::string body);
// "application/json"
Response json_response(std::string body, int status = 200);
// RFC 9457, "application/problem+json": a title by status and what, where and what to do.
Response problem(int status, std::string_view detail);
// "Sun, 22 Nov 2026 09:00:00 GMT" (RFC 9110).
std::string to_http_date(Instant instant);
// The reason phrase, "Not Found".
const char* reason_phrase(int status);

} // namespace capsule::server
