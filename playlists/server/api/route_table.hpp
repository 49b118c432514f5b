// The one table of routes. Immutable once made; thread-safe.
#pragma once

#include "content/lib/sqlite/database.hpp"
#include "playlists/server/api/access.hpp"
#include "playlists/server/fleet/device_requests.hpp"
#include "playlists/server/http/request.hpp"
#include "playlists/server/http/response.hpp"
#include "playlists/server/http/server.hpp"
#include "playlists/server/people/people.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::server {

using PathParameters = std::map<std::string, std::string>;

// One request on its way through a handler.
struct Call {
    Request& request;
    const PathParameters& parameters;
    sqlite::Database& database;
    std::optional<Person> person; // of people's routes
    std::optional<Device> device; // of devices' routes
    std::string made = {};        // set by a handler that made something: its id
    std::string note = {};        // for the log of changes
    std::optional<Territory> owner = {}; // of what is made; empty: the person's
    std::optional<std::string> logged = {}; // set by a handler for the log of changes, where what it added cannot be read again as an object
};

struct Route {
    std::string method;  // "GET" (serves HEAD too), "POST", "PUT", "PATCH", "DELETE", "OPTIONS"
    std::string pattern; // "/api/v1/capsules/{id}"; "{rest}" at the end takes any number of segments, none too
    Admission::Body body = Admission::Body::none;
    std::uint64_t most = 0; // bytes of body
    std::function<Response(Call&)> handler;
    // Instead of `handler`: answers on an event thread from memory alone, whatever the database and the workers are busy with.
    std::function<Response(const RequestHead&, const PathParameters&)> at_once = {};
    // For Body::sink: where the body goes, or why not; before it is read, on an event thread.
    std::function<Admission(const RequestHead&, const PathParameters&, const Person&, sqlite::Database&)> open = {};
    // Its line of the access table, found when the route is added; nullptr: nobody may call.
    const Access* access = nullptr;
};

class RouteTable {
public:
    void add(Route route);
    const std::vector<Route>& routes() const { return m_routes; }

    struct Match {
        const Route* route = nullptr; // nullptr: see `allowed`
        PathParameters parameters;    // "rest" is joined by "/"
        std::string allowed;          // methods that this path has; empty: there is no such path
        std::string malformed;        // set: an identifier of the path is none
    };
    Match find(const std::string& method, const std::vector<std::string>& segments) const;

private:
    std::vector<Route> m_routes;
    std::vector<std::vector<std::string>> m_patterns; // of m_routes, split
};

} // namespace capsule::server
