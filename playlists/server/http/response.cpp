#include "playlists/server/http/response.hpp"

#include <nlohmann/json.hpp>

#include <strings.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace capsule::server {

namespace {

bool same_name(std::string_view a, std::string_view b) {
    return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    m_offset = other.m_offset;
    m_length = other.m_length;
    return *this;
}

OpenFile::~OpenFile() {
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Response& Response::set(std::string_view name, std::string value) {
    for (auto& [known, old] : headers)
        if (same_name(known, name)) {
            old = std::move(value);
            return *this;
        }
    headers.emplace_back(name, std::move(value));
    return *this;
}

bool Response::has(std::string_view name) const {
    return std::any_of(headers.begin(), headers.end(), [&](const auto& header) { return same_name(header.first, name); });
}

std::string Response::get(std::string_view name) const {
    for (const auto& [known, value] : headers)
        if (same_name(known, name))
            return value;
    return {};
}

Response text_response(int status, std::string content_type, std::string body) {
    Response response;
    response.status = status;
    response.body = std::move(body);
    response.set("Content-Type", std::move(content_type));
    return response;
}

Response json_response(std::string body, int status) {
    Response response = text_response(status, "application/json", std::move(body));
    response.set("Cache-Control", "no-store");
    return response;
}

Response problem(int status, std::string_view detail) {
    const nlohmann::ordered_json document = {
        {"type", "about:blank"}, {"title", reason_phrase(status)}, {"status", status}, {"detail", detail}};
    Response response = text_response(status, "application/problem+json",
                                      document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    response.set("Cache-Control", "no-store");
    return response;
}

std::string to_http_date(Instant instant) {
    const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(instant.time_since_epoch()).count();
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[40];
    std::snprintf(text, sizeof text, "%s, %02d %s %d %02d:%02d:%02d GMT", days[parts.tm_wday], parts.tm_mday, months[parts.tm_mon],
                  parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
    return text;
}

const char* reason_phrase(int status) {
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 204:
        return "No Content";
    case 302:
        return "Found";
    case 304:
        return "Not Modified";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 409:
        return "Conflict";
    case 411:
        return "Length Required";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 416:
        return "Range Not Satisfiable";
    case 422:
        return "Unprocessable Content";
    case 460:
        return "Checksum Mismatch"; // tus
    case 429:
        return "Too Many Requests";
    case 500:
        return "Internal Server Error";
    case 503:
        return "Service Unavailable";
    case 507:
        return "Insufficient Storage";
    default:
        return "Error";
    }
}

} // namespace capsule::server
