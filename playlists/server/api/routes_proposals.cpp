#include "playlists/server/api/api.hpp"
#include "playlists/server/api/body.hpp"
#include "playlists/server/api/errors.hpp"
#include "playlists/server/api/change_request.hpp"

#include <nlohmann/json.hpp>

#include <charconv>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

std::int64_t number_of(const Call& call) {
    const std::string& text = call.parameters.at("number");
    std::int64_t number = 0;
    (void)std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Response decided(const Services& services, Call& call, const char* state, const std::string& reason) {
    const std::int64_t number = number_of(call);
    if (auto done = services.proposals.decide(call.database, number, state, call.person->login, reason); !done)
        return error_response(done.error());
    return json_response(Json{{"number", number}, {"state", state}}.dump());
}

Response refuse(const Services& services, Call& call) {
    const auto body = object_of(call);
    if (!body)
        return error_response(body.error());
    const std::string reason = text_in(*body, "reason");
    if (reason.empty() || reason.size() > 2000)
        return problem(422, "reason: say in a sentence why, for whoever proposed it");
    return decided(services, call, "refused", reason);
}

// Only one's own.
Response take_back(const Services& services, Call& call) {
    const auto proposal = services.proposals.get(call.database, number_of(call));
    if (!proposal)
        return error_response(proposal.error());
    if (proposal->who != call.person->login)
        return problem(403, "this proposal is somebody else's");
    return decided(services, call, "withdrawn", {});
}

// The request as it was proposed, carried out for whoever approves it: with her right, and only while the object is what it was then.
Response approve(const Services& services, Call& call, const RouteTable& routes) {
    const auto proposal = services.proposals.get(call.database, number_of(call));
    if (!proposal)
        return error_response(proposal.error());
    if (proposal->state != "waiting")
        return problem(409, "this proposal does not wait any more: it was decided or taken back");
    Request request;
    request.method = proposal->method;
    request.raw_path = proposal->path;
    request.body = proposal->body;
    request.segments = split_path(proposal->path).value_or(std::vector<std::string>{});
    if (proposal->before)
        request.headers["if-match"] = tag_of(*proposal->before);
    else
        request.headers["if-none-match"] = "*";
    const auto match = routes.find(request.method, request.segments);
    if (!match.route || !match.route->access)
        return problem(409, "what was proposed cannot be done by this version of the server: ask for it anew");
    if (match.route->access->scope(call.person->role) == Scope::none || match.route->access->scope(call.person->role) == Scope::proposal)
        return problem(403, std::string("this is not open to the role ") + to_string(call.person->role));
    Call proposed{request, match.parameters, call.database, call.person, std::nullopt, {}, "proposed by " + proposal->who, proposal->territory};
    Response response = carry_out(services, *match.route, proposed);
    if (response.status / 100 != 2)
        return response;
    return decided(services, call, "approved", {});
}

} // namespace

void add_proposal_routes(RouteTable& table, const Services& services, std::function<const RouteTable&()> routes) {
    table.add({"GET", "/api/v1/proposals", Admission::Body::none, 0, [&services](Call& call) {
                   const bool own = call.person->role == Role::contributor;
                   auto list = services.proposals.list(call.database, own ? call.person->login : "", call.person->reach());
                   return list ? json_response(std::move(*list)) : error_response(list.error());
               }});
    table.add({"DELETE", "/api/v1/proposals/{number}", Admission::Body::none, 0,
               [&services](Call& call) { return take_back(services, call); }});
    table.add({"POST", "/api/v1/proposals/{number}/approve", Admission::Body::none, 0,
               [&services, routes](Call& call) { return approve(services, call, routes()); }});
    table.add({"POST", "/api/v1/proposals/{number}/refuse", Admission::Body::memory, most_small_body,
               [&services](Call& call) { return refuse(services, call); }});
}

} // namespace capsule::server
