#include "playlists/server/api/api.hpp"
#include "playlists/server/api/errors.hpp"
#include "playlists/server/http/files.hpp"

#include <utility>

namespace capsule::server {

namespace {

Response index_document(const Services& services, Call& call) {
    std::string text = serialise(services.release.index());
    const std::string etag = sha256(text).hex().substr(0, 32);
    return bytes_response(call.request, std::move(text), {{}, "application/json", etag, "no-cache"});
}

Response release_document(const Services& services, Call& call) {
    const std::string& name = call.parameters.at("document"); // its form was checked by the table
    if (name == "timestamp.json") {
        std::string text = services.signed_release.timestamp();
        if (text.empty())
            return problem(404, "nothing was published yet");
        const std::string etag = sha256(text).hex().substr(0, 32);
        return bytes_response(call.request, std::move(text), {{}, "application/json", etag, "no-cache"});
    }
    return file_response(call.request, {services.release_folder / name, "application/json", name.substr(0, 64), immutable_cache});
}

Response blob(const Services& services, Call& call) {
    const auto digest = Digest::parse(call.parameters.at("sha256"));
    if (!digest || !services.store.has(*digest))
        return problem(404, "there is no such blob");
    auto type = services.catalogue.type_of_blob(call.database, *digest);
    if (!type)
        return error_response(type.error());
    Response response = file_response(call.request, {services.store.path_of(*digest), *type, digest->hex(), immutable_cache});
    // What somebody sent as HTML or SVG must not run as a page of this server, with its visitor's session.
    response.set("Content-Security-Policy", "default-src 'none'; sandbox");
    return response;
}

Response redirect(const Services& services, const RequestHead& head, const PathParameters& parameters) {
    const Destination destination = services.redirector.find(parameters.at("code"));
    const bool counts = head.method == "GET" &&
                        counts_as_scan(head.header("purpose") + " " + head.header("sec-purpose") + " " + head.header("x-moz"),
                                       head.header("user-agent"));
    if (counts)
        services.redirector.count(destination);
    Response response;
    response.status = 302;
    response.set("Location", destination.address.empty() ? "/" : destination.address);
    response.set("Cache-Control", "no-store");
    return response;
}

Response health(Call& call) {
    auto select = call.database.prepare("SELECT max(number) FROM schema_migrations");
    if (!select || !select->step())
        return problem(503, "the database does not answer");
    return json_response(R"({"status":"ok"})");
}

} // namespace

void add_public_routes(RouteTable& table, const Services& services, std::function<std::string()> metrics) {
    const auto add = [&](std::string pattern, std::function<Response(Call&)> handler) {
        table.add({"GET", std::move(pattern), Admission::Body::none, 0, std::move(handler)});
    };
    add("/healthz", [](Call& call) { return health(call); });
    add("/metrics", [metrics](Call&) { return text_response(200, "text/plain; version=0.0.4; charset=utf-8", metrics()); });
    add("/release/index.json", [&services](Call& call) { return index_document(services, call); });
    add("/release/{document}", [&services](Call& call) { return release_document(services, call); });
    add("/blobs/{sha256}", [&services](Call& call) { return blob(services, call); });
    for (const char* pattern : {"/Q/{code}", "/q/{code}"}) // the whole link may be typed in small letters
        table.add({"GET",
                   pattern,
                   Admission::Body::none,
                   0,
                   {},
                   [&services](const RequestHead& head, const PathParameters& parameters) {
                       return redirect(services, head, parameters);
                   }});
    add("/", [&services](Call& call) { return services.pages.visitors(call.request); });
    add("/console/{rest}", [&services](Call& call) {
        const auto& segments = call.request.segments;
        return services.pages.console(call.request, {segments.begin() + 1, segments.end()});
    });
}

} // namespace capsule::server
