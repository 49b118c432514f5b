#include "playlists/server/api/credentials.hpp"

#include <strings.h>

namespace capsule::server {

namespace {

// "https://host:port/path" → "host:port".
std::string host_of(const std::string& url) {
    const std::size_t scheme = url.find("://");
    const std::size_t start = scheme == std::string::npos ? 0 : scheme + 3;
    return url.substr(start, url.find('/', start) - start);
}

} // namespace

Credentials credentials_of(const RequestHead& head) {
    const std::string line = head.header("authorization");
    if (line.size() > 7 && strncasecmp(line.c_str(), "bearer ", 7) == 0)
        return {line.substr(7), SessionKind::token};
    return {head.cookie(session_cookie), SessionKind::cookie};
}

bool is_from_another_site(const RequestHead& head, const std::string& public_url) {
    if (head.method == "GET" || head.method == "HEAD")
        return false;
    const std::string site = head.header("sec-fetch-site");
    if (site == "same-origin")
        return false;
    if (site == "cross-site")
        return true;
    const std::string origin = head.header("origin");
    if (origin.empty())
        return false; // no browser
    const std::string host = host_of(origin);
    return strcasecmp(host.c_str(), head.header("host").c_str()) != 0 &&
           strcasecmp(host.c_str(), host_of(public_url).c_str()) != 0;
}

} // namespace capsule::server
