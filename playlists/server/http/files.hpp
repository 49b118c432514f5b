// Answers a GET or HEAD with a file: ETag, If-None-Match, Range, If-Range (RFC 9110), gzip where it helps. Reentrant; blocks on
// disk.
#pragma once

#include "playlists/server/http/request.hpp"
#include "playlists/server/http/response.hpp"

#include <string>

namespace capsule::server {

struct FileFacts {
    Path path;
    std::string content_type;
    std::string etag;          // opaque, without quotes
    std::string cache_control; // empty: none
};

inline constexpr const char* immutable_cache = "public, max-age=31536000, immutable";

// 200, 206, 304, 416, or 404 when the file is not there. Several ranges in one request are answered with the whole file.
Response file_response(const RequestHead& head, const FileFacts& facts);
// For bytes at hand: 200 or 304, compressed when accepted.
Response bytes_response(const RequestHead& head, std::string bytes, const FileFacts& facts);
// Whether If-None-Match names `etag` (or its compressed form), or "*".
bool matches_etag(const RequestHead& head, const std::string& etag);

// "bytes=a-b", "bytes=a-", "bytes=-n" against a file of `size` bytes.
struct ByteRange {
    std::uint64_t first = 0, length = 0;
};
enum class RangeVerdict { none, one, unsatisfiable };
RangeVerdict parse_range(const std::string& header, std::uint64_t size, ByteRange& range);

// By the file name's ending; "application/octet-stream" for what is unknown.
std::string content_type_of(const Path& path);

} // namespace capsule::server
