#include "playlists/server/http/gzip.hpp"

#include <zlib.h>

#include <stdexcept>

namespace capsule::server {

bool accepts_gzip(const RequestHead& head) {
    const std::string line = head.header("accept-encoding");
    for (std::size_t at = 0; at < line.size();) {
        std::size_t end = line.find(',', at);
        if (end == std::string::npos)
            end = line.size();
        std::string item;
        for (const char c : line.substr(at, end - at))
            if (c != ' ' && c != '\t')
                item += c;
        at = end + 1;
        const std::string coding = item.substr(0, item.find(';'));
        if (coding != "gzip" && coding != "*")
            continue;
        const std::size_t quality = item.find("q=");
        const bool zero = quality != std::string::npos && item.find_first_not_of("0.", quality + 2) == std::string::npos;
        return !zero;
    }
    return false;
}

bool is_compressible(std::string_view type) {
    return type.starts_with("text/") || type.starts_with("application/json") || type.starts_with("application/problem+json") ||
           type.starts_with("application/javascript") || type.starts_with("image/svg+xml");
}

std::string gzip(std::string_view bytes) {
    z_stream stream{};
    // 15 + 16: the largest window, gzip's header.
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc();
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int code = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (code != Z_STREAM_END)
        throw std::runtime_error("zlib did not end the stream");
    return out;
}

void compress_if_accepted(const RequestHead& head, Response& response) {
    if (response.file || response.body.size() <= 1024 || response.has("Content-Encoding") ||
        !is_compressible(response.get("Content-Type")))
        return;
    response.set("Vary", "Accept-Encoding");
    if (!accepts_gzip(head))
        return;
    response.body = gzip(response.body);
    response.set("Content-Encoding", "gzip");
    if (std::string etag = response.get("ETag"); etag.ends_with('"'))
        response.set("ETag", etag.insert(etag.size() - 1, "-gzip"));
}

} // namespace capsule::server
