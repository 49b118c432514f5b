#include "playlists/server/api/errors.hpp"

#include "content/base/log.hpp"

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

} // namespace capsule::server
