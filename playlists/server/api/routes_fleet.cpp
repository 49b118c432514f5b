#include "playlists/server/api/api.hpp"
#include "playlists/server/api/errors.hpp"
#include "playlists/server/fleet/site_warnings.hpp"
#include "playlists/server/indicators/report.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

constexpr std::uint64_t most_record = 1u << 20;

// After a change: QR links may lead elsewhere now.
Response changed(const Services& services, Call& call, int status, std::string body) {
    if (auto refreshed = services.refresh_redirects(call.database); !refreshed)
        return error_response(refreshed.error());
    Response response = json_response(std::move(body), status);
    if (status == 204)
        response.headers.clear();
    return response;
}

std::vector<std::string> warnings_about(const Call& call) {
    const auto record = nlohmann::json::parse(call.request.body, nullptr, false); // it was read before
    const auto site = site_from_json(SiteId::parse(call.request.segments.back()).value_or(SiteId{}), record);
    return site ? site_warnings(*site) : std::vector<std::string>{};
}

Response put_answer(const Services& services, Call& call, const Result<bool>& created) {
    if (!created)
        return error_response(created.error());
    nlohmann::json body = {{"id", call.request.segments.back()}};
    if (call.request.segments.at(2) == "screens")
        if (auto record = services.fleet.screen(call.database, call.request.segments.back()))
            body["code"] = nlohmann::json::parse(*record).at("code");
    if (call.request.segments.at(2) == "sites")
        if (auto warnings = warnings_about(call); !warnings.empty())
            body["warnings"] = std::move(warnings);
    return changed(services, call, *created ? 201 : 200, body.dump());
}

Response delete_answer(const Services& services, Call& call, const Result<void>& done) {
    return done ? changed(services, call, 204, {}) : error_response(done.error());
}

} // namespace

void add_fleet_routes(RouteTable& table, const Services& services) {
    const auto read = [&](std::string pattern, std::function<Response(Call&)> handler) {
        table.add({"GET", std::move(pattern), Admission::Body::none, 0, std::move(handler)});
    };
    const auto put = [&](std::string pattern, std::function<Response(Call&)> handler) {
        table.add({"PUT", std::move(pattern), Admission::Body::memory, most_record, std::move(handler)});
    };
    const auto remove = [&](std::string pattern, std::function<Response(Call&)> handler) {
        table.add({"DELETE", std::move(pattern), Admission::Body::none, 0, std::move(handler)});
    };
    FleetRegister& fleet = services.fleet;

    read("/api/v1/sites", [&services, &fleet](Call& call) {
        auto records = fleet.sites(call.database);
        return records ? json_response("{\"sites\":" + *records + "}") : error_response(records.error());
    });
    read("/api/v1/sites/{id}",
         [&services, &fleet](Call& call) { return json_or_error(fleet.site(call.database, call.parameters.at("id"))); });
    put("/api/v1/sites/{id}", [&services, &fleet](Call& call) {
        return put_answer(services, call, fleet.put_site(call.database, call.parameters.at("id"), call.request.body));
    });
    remove("/api/v1/sites/{id}", [&services, &fleet](Call& call) {
        return delete_answer(services, call, fleet.remove_site(call.database, call.parameters.at("id")));
    });

    read("/api/v1/screens", [&services, &fleet](Call& call) {
        const auto today = screens_today(call.database, services.clock.wall());
        if (!today)
            return error_response(today.error());
        std::map<std::string, ScreenRows> rows;
        for (const auto& [screen, figures] : *today)
            rows.emplace(screen, ScreenRows{figures.showings, figures.last_received});
        return json_or_error(fleet.screens_overview(call.database, rows));
    });
    read("/api/v1/screens/{id}",
         [&services, &fleet](Call& call) { return json_or_error(fleet.screen(call.database, call.parameters.at("id"))); });
    put("/api/v1/screens/{id}", [&services, &fleet](Call& call) {
        return put_answer(services, call, fleet.put_screen(call.database, call.parameters.at("id"), call.request.body));
    });
    remove("/api/v1/screens/{id}", [&services, &fleet](Call& call) {
        return delete_answer(services, call, fleet.remove_screen(call.database, call.parameters.at("id")));
    });

    read("/api/v1/devices", [&services, &fleet](Call& call) { return json_or_error(fleet.devices(call.database)); });
    put("/api/v1/devices/{device}", [&services, &fleet](Call& call) {
        return put_answer(services, call, fleet.put_device(call.database, call.parameters.at("device"), call.request.body));
    });
    remove("/api/v1/devices/{device}", [&services, &fleet](Call& call) {
        return delete_answer(services, call, fleet.revoke_device(call.database, call.parameters.at("device")));
    });
}

} // namespace capsule::server
