#include "playlists/server/http/files.hpp"

#include "playlists/server/http/gzip.hpp"

#include <fcntl.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace capsule::server {

namespace {

constexpr std::uint64_t most_compressed = 8u << 20;

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

void add_facts(Response& response, const FileFacts& facts) {
    response.set("Content-Type", facts.content_type).set("ETag", '"' + facts.etag + '"');
    if (!facts.cache_control.empty())
        response.set("Cache-Control", facts.cache_control);
}

Response not_modified(const FileFacts& facts) {
    Response response;
    response.status = 304;
    response.set("ETag", '"' + facts.etag + '"');
    if (!facts.cache_control.empty())
        response.set("Cache-Control", facts.cache_control);
    if (is_compressible(facts.content_type))
        response.set("Vary", "Accept-Encoding");
    return response;
}

// The whole file of an open descriptor; empty on a read error.
std::optional<std::string> read_all(int descriptor, std::uint64_t size) {
    std::string bytes(size, '\0');
    for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t got = ::pread(descriptor, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return std::nullopt;
        done += static_cast<std::size_t>(got);
    }
    return bytes;
}

} // namespace

bool matches_etag(const RequestHead& head, const std::string& etag) {
    const std::string line = head.header("if-none-match");
    if (line == "*")
        return true;
    return line.find('"' + etag + '"') != std::string::npos || line.find('"' + etag + "-gzip\"") != std::string::npos;
}

RangeVerdict parse_range(const std::string& header, std::uint64_t size, ByteRange& range) {
    if (strncasecmp(header.c_str(), "bytes=", 6) != 0 || header.find(',') != std::string::npos)
        return RangeVerdict::none;
    const std::string_view spec = std::string_view(header).substr(6);
    const std::size_t dash = spec.find('-');
    if (dash == std::string_view::npos)
        return RangeVerdict::none;
    const auto first = number(spec.substr(0, dash)), last = number(spec.substr(dash + 1));
    if (dash == 0) {
        if (!last)
            return RangeVerdict::none;
        if (*last == 0 || size == 0)
            return RangeVerdict::unsatisfiable;
        range.length = std::min(*last, size);
        range.first = size - range.length;
        return RangeVerdict::one;
    }
    if (!first || (!last && dash + 1 != spec.size()) || (last && *last < *first))
        return RangeVerdict::none;
    if (*first >= size)
        return RangeVerdict::unsatisfiable;
    range.first = *first;
    range.length = std::min(last.value_or(size - 1), size - 1) - *first + 1;
    return RangeVerdict::one;
}

Response file_response(const RequestHead& head, const FileFacts& facts) {
    const int descriptor = ::open(facts.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) {
        if (errno == EMFILE || errno == ENFILE)
            return problem(503, "too many files are open; try again");
        return problem(404, "there is no such file");
    }
    struct stat status {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        ::close(descriptor);
        return problem(404, "there is no such file");
    }
    const auto size = static_cast<std::uint64_t>(status.st_size);
    OpenFile file(descriptor, 0, size);
    if (matches_etag(head, facts.etag))
        return not_modified(facts);

    Response response;
    add_facts(response, facts);
    ByteRange range;
    const std::string if_range = head.header("if-range");
    // RFC 9110, 14.2: GET alone knows ranges.
    const bool range_asked = head.method == "GET" && head.headers.contains("range") && (if_range.empty() || if_range == '"' + facts.etag + '"');
    switch (range_asked ? parse_range(head.header("range"), size, range) : RangeVerdict::none) {
    case RangeVerdict::unsatisfiable: {
        Response refusal = problem(416, "the file has " + std::to_string(size) + " bytes");
        refusal.set("Content-Range", "bytes */" + std::to_string(size));
        return refusal;
    }
    case RangeVerdict::one:
        response.status = 206;
        response.set("Content-Range", "bytes " + std::to_string(range.first) + "-" +
                                          std::to_string(range.first + range.length - 1) + "/" + std::to_string(size));
        response.file = OpenFile(file.release(), range.first, range.length);
        break;
    case RangeVerdict::none:
        if (is_compressible(facts.content_type) && size > 1024 && size <= most_compressed && accepts_gzip(head)) {
            if (auto bytes = read_all(descriptor, size)) {
                response.body = std::move(*bytes);
                compress_if_accepted(head, response);
                return response;
            }
            return problem(500, "the file cannot be read");
        }
        if (is_compressible(facts.content_type))
            response.set("Vary", "Accept-Encoding");
        response.file = std::move(file);
        break;
    }
    response.set("Accept-Ranges", "bytes");
    return response;
}

Response bytes_response(const RequestHead& head, std::string bytes, const FileFacts& facts) {
    if (matches_etag(head, facts.etag))
        return not_modified(facts);
    Response response;
    add_facts(response, facts);
    response.body = std::move(bytes);
    compress_if_accepted(head, response);
    return response;
}

std::string content_type_of(const Path& path) {
    static const std::map<std::string, std::string> types = {{".html", "text/html; charset=utf-8"},
                                                             {".css", "text/css; charset=utf-8"},
                                                             {".js", "text/javascript; charset=utf-8"},
                                                             {".mjs", "text/javascript; charset=utf-8"},
                                                             {".json", "application/json"},
                                                             {".map", "application/json"},
                                                             {".svg", "image/svg+xml"},
                                                             {".png", "image/png"},
                                                             {".webp", "image/webp"},
                                                             {".jpg", "image/jpeg"},
                                                             {".ico", "image/x-icon"},
                                                             {".woff2", "font/woff2"},
                                                             {".txt", "text/plain; charset=utf-8"},
                                                             {".vtt", "text/vtt; charset=utf-8"},
                                                             {".mp4", "video/mp4"},
                                                             {".webmanifest", "application/manifest+json"}};
    const auto found = types.find(path.extension().string());
    return found == types.end() ? "application/octet-stream" : found->second;
}

} // namespace capsule::server
