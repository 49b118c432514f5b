#include "playlists/server/api/api.hpp"
#include "playlists/server/api/errors.hpp"
#include "playlists/server/catalogue/places.hpp"
#include "playlists/server/catalogue/playlist_preview.hpp"

#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t most_record = 1u << 20;
constexpr std::uint64_t most_places = 16u << 20;
constexpr std::uint64_t most_blob = 8ull << 30;

Response created_or_changed(const Result<bool>& created, const std::string& id) {
    if (!created)
        return error_response(created.error());
    return json_response(Json{{"id", id}}.dump(), *created ? 201 : 200);
}

Response no_content(const Result<void>& done) {
    if (!done)
        return error_response(done.error());
    Response response;
    response.status = 204;
    return response;
}

Response put_blob(const Services& services, Call& call) {
    const auto digest = Digest::parse(call.parameters.at("sha256"));
    if (!digest || !call.request.spooled)
        return problem(422, "the body is missing");
    const SpooledFile& body = *call.request.spooled;
    if (body.digest() != *digest)
        return problem(422, "the body's SHA-256 is " + body.digest().hex() + ", not the address's: send it again");
    const bool had = services.store.has(*digest, body.bytes());
    // Straight from uploads/, which is emptied at each start: a crash in between leaves nothing behind.
    if (!had)
        if (auto stored = services.store.adopt(body.path(), *digest); !stored)
            return error_response(stored.error());
    return json_response(Json{{"sha256", digest->hex()}, {"bytes", body.bytes()}}.dump(), had ? 200 : 201);
}

Response put_capsule(const Services& services, Call& call) {
    const std::string& id = call.parameters.at("id");
    auto kept = services.catalogue.put_capsule(call.database, id, call.request.body);
    if (!kept)
        return error_response(kept.error());
    if (!kept->missing.empty()) {
        Json missing = Json::array();
        for (const Digest& digest : kept->missing)
            missing.push_back(digest.hex());
        return problem_with(422, "some of the capsule's files are not on the server: send them to /api/v1/blobs first", "missing",
                            std::move(missing));
    }
    if (kept->created)
        if (auto refreshed = services.refresh_redirects(call.database); !refreshed)
            return error_response(refreshed.error());
    return json_response(Json{{"id", id}, {"code", kept->code}}.dump(), kept->created ? 201 : 200);
}

Response preview(const Services& services, Call& call) {
    auto fleet = services.fleet.fleet(call.database);
    if (!fleet)
        return error_response(fleet.error());
    return json_or_error(
        preview_playlist(call.database, *fleet, call.parameters.at("id"), call.request.body, services.clock.wall()));
}

Json to_json(const std::vector<RowRemark>& remarks) {
    Json list = Json::array();
    for (const RowRemark& one : remarks)
        list.push_back({{"row", one.row}, {"id", one.id}, {"column", one.column}, {"what", one.what}});
    return list;
}

Response put_places(const Services& services, Call& call) {
    auto kept = keep_places(call.database, services.store, services.clock, call.request.body);
    if (!kept)
        return error_response(kept.error());
    return json_response(Json{{"rows", kept->file.rows},
                              {"taken", kept->file.places.size()},
                              {"refused", to_json(kept->file.refused)},
                              {"remarks", to_json(kept->file.remarks)},
                              {"sha256", kept->blob.sha256.hex()},
                              {"bytes", kept->blob.bytes}}
                             .dump());
}

Response put_now(const Services& services, Call& call) {
    auto number = services.publisher.put_now(call.request.body);
    return number ? json_response(Json{{"number", *number}}.dump()) : error_response(number.error());
}

} // namespace

void add_catalogue_routes(RouteTable& table, const Services& services) {
    const auto read = [&](std::string pattern, std::function<Response(Call&)> handler) {
        table.add({"GET", std::move(pattern), Admission::Body::none, 0, std::move(handler)});
    };
    const auto write = [&](std::string method, std::string pattern, std::uint64_t most, std::function<Response(Call&)> handler) {
        table.add({std::move(method), std::move(pattern), most ? Admission::Body::memory : Admission::Body::none, most, std::move(handler)});
    };

    table.add({"PUT", "/api/v1/blobs/{sha256}", Admission::Body::spool, most_blob,
               [&services](Call& call) { return put_blob(services, call); }});

    const struct {
        RecordKind kind;
        std::string plural;
    } kinds[] = {{RecordKind::capsule, "capsules"}, {RecordKind::playlist, "playlists"}, {RecordKind::schedule, "schedules"}};
    for (const auto& [kind, plural] : kinds) {
        const std::string list = "/api/v1/" + plural, one = list + "/{id}";
        read(list, [&services, kind = kind, plural = plural](Call& call) {
            auto records = services.catalogue.list(call.database, kind);
            return records ? json_response("{\"" + plural + "\":" + *records + "}") : error_response(records.error());
        });
        read(one, [&services, kind = kind](Call& call) {
            return json_or_error(services.catalogue.get(call.database, kind, call.parameters.at("id")));
        });
        write("DELETE", one, 0, [&services, kind = kind](Call& call) {
            return no_content(services.catalogue.remove(call.database, kind, call.parameters.at("id")));
        });
    }
    write("PUT", "/api/v1/capsules/{id}", most_record, [&services](Call& call) { return put_capsule(services, call); });
    write("PUT", "/api/v1/playlists/{id}", most_record, [&services](Call& call) {
        const std::string& id = call.parameters.at("id");
        return created_or_changed(services.catalogue.put_playlist(call.database, id, call.request.body), id);
    });
    table.add({"POST", "/api/v1/playlists/{id}/preview", Admission::Body::memory, most_record,
               [&services](Call& call) { return preview(services, call); }});
    write("PUT", "/api/v1/schedules/{id}", most_record, [&services](Call& call) {
        const std::string& id = call.parameters.at("id");
        return created_or_changed(services.catalogue.put_schedule(call.database, id, call.request.body), id);
    });

    read("/api/v1/directory", [&services](Call& call) { return json_or_error(services.catalogue.directory(call.database)); });
    write("PUT", "/api/v1/directory", most_record,
          [&services](Call& call) { return no_content(services.catalogue.put_directory(call.database, call.request.body)); });
    write("PUT", "/api/v1/directory/places", most_places, [&services](Call& call) { return put_places(services, call); });
    write("DELETE", "/api/v1/directory/places", 0, [](Call& call) { return no_content(forget_places(call.database)); });
    read("/api/v1/now", [&services](Call&) { return json_or_error(services.publisher.now()); });
    write("PUT", "/api/v1/now", most_record, [&services](Call& call) { return put_now(services, call); });
}

} // namespace capsule::server
