#include "playlists/ledger/limits.hpp"
#include "playlists/server/api/api.hpp"
#include "playlists/server/api/errors.hpp"
#include "playlists/server/ledger/accept.hpp"

#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

Response problem_with(int status, const std::string& detail, const Json& members) {
    Response response = problem(status, detail);
    Json body = Json::parse(response.body);
    body.update(members);
    response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    return response;
}

// Zones of sites, each looked up once per batch.
SiteZones zones_of(const Services& services, sqlite::Database& database) {
    return [&services, &database, known = std::map<std::string, std::string>()](const SiteId& site) mutable {
        const auto [slot, fresh] = known.emplace(site.text(), "");
        if (fresh)
            if (auto record = services.fleet.site(database, site.text()))
                if (auto json = json::parse_strict(*record); json && json->is_object())
                    if (const auto zone = json->find("zone"); zone != json->end() && zone->is_string())
                        slot->second = zone->get<std::string>();
        return slot->second;
    };
}

Response take_rows(const Services& services, Call& call) {
    const RequestHead& head = call.request;
    const std::string type = head.header("content-type");
    if (!type.empty() && !type.starts_with("application/x-ndjson"))
        return problem(415, "rows come as application/x-ndjson");
    const IncomingBatch batch{
        call.device->id,
        call.parameters.at("journal"),
        call.request.body,
        {head.header("content-digest"), head.header("capsule-counter"), head.header("signature-input"), head.header("signature")},
        services.clock.wall()};
    const auto outcome = accept_batch(call.database, batch, zones_of(services, call.database));
    if (!outcome)
        return error_response(outcome.error());
    switch (outcome->problem) {
    case BatchOutcome::Problem::hole:
        return problem_with(409, outcome->reason, {{"acked", outcome->acked}});
    case BatchOutcome::Problem::invalid:
        services.refusals.note(call.device->id, Refusal::altered, outcome->reason);
        (void)services.refusals.write_when_due(call.database);
        return problem_with(422, outcome->reason, {{"acked", outcome->acked}, {"seq", outcome->seq}});
    case BatchOutcome::Problem::none:
        break;
    }
    Json answer = {{"acked", outcome->acked}, {"utc_ms", to_ms(services.clock.wall())}};
    if (!outcome->forks.empty())
        answer["forks"] = outcome->forks;
    return json_response(answer.dump());
}

Response take_state(const Services& services, Call& call) {
    if (auto noted = services.fleet.note_state(call.database, call.device->id, call.request.body); !noted)
        return error_response(noted.error());
    return json_response(Json{{"utc_ms", to_ms(services.clock.wall())}}.dump());
}

} // namespace

void add_device_routes(RouteTable& table, const Services& services) {
    table.add({"POST", "/api/v1/ledger/{journal}", Admission::Body::memory, ledger_limits::batch_bytes,
               [&services](Call& call) { return take_rows(services, call); }});
    table.add({"POST", "/api/v1/state", Admission::Body::memory, 16u << 10,
               [&services](Call& call) { return take_state(services, call); }});
}

} // namespace capsule::server
