#include "playlists/server/api/errors.hpp"

#include "content/base/log.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

Response error_response(const Error& error) {
    switch (error.category) {
    case Category::missing:
        return problem(404, error.message);
    case Category::invalid:
        return problem(422, error.message);
    case Category::refused:
        return problem(409, error.message);
    case Category::timeout: {
        log_warning("api", error.message);
        Response busy = problem(503, "the server is busy; try again in a moment");
        busy.set("Retry-After", "2");
        return busy;
    }
    case Category::no_space:
        log_error("api", error.message);
        return problem(507, "the server's disk is full: an administrator must make room");
    case Category::io:
    case Category::bug:
        break;
    }
    log_error("api", error.message);
    return problem(500, "the server failed; its log says more");
}

Response problem_with(int status, const std::string& detail, const char* name, nlohmann::json value) {
    Response response = problem(status, detail);
    nlohmann::json body = nlohmann::json::parse(response.body);
    body[name] = std::move(value);
    response.body = body.dump();
    return response;
}

Response json_or_error(Result<std::string> text) {
    return text ? json_response(std::move(*text)) : error_response(text.error());
}

} // namespace capsule::server
