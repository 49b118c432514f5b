// Compression of responses (RFC 1952), when the client accepts it. Reentrant.
#pragma once

#include "playlists/server/http/request.hpp"
#include "playlists/server/http/response.hpp"

#include <string>
#include <string_view>

namespace capsule::server {

// Whether Accept-Encoding names gzip (or *) with a quality above zero.
bool accepts_gzip(const RequestHead& head);
// Whether bytes of this media type become smaller: text, JSON, SVG, scripts.
bool is_compressible(std::string_view content_type);
std::string gzip(std::string_view bytes);
// Compresses the body in memory when it is of such a type, above 1 kB, not encoded yet and accepted; then the ETag, if any, gets
// a suffix, since it names these bytes. Adds Vary either way.
void compress_if_accepted(const RequestHead& head, Response& response);

} // namespace capsule::server
