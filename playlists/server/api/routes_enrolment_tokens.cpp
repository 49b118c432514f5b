#include "playlists/server/api/api.hpp"
#include "playlists/server/api/errors.hpp"

#include "content/base/log.hpp"
#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

#include <set>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t most_bytes = 256u << 10;
constexpr std::size_t most_screens = 1000; // at once

Response issued(const Services& services, Call& call) {
    const auto body = json::parse_strict(call.request.body, {.bytes = most_bytes, .floats = false});
    if (!body || !body->is_object())
        return problem(422, "the body must be a JSON object");
    const auto screens = body->find("screens");
    const auto span = body->find("valid_for_ms");
    if (screens == body->end() || !screens->is_array() || screens->empty() || screens->size() > most_screens)
        return problem(422, "screens: a list of 1 to 1000 screens is expected");
    if (span == body->end() || !span->is_number_integer())
        return problem(422, "valid_for_ms: a whole number of milliseconds is expected");
    std::set<std::string> named; // all are looked at before one token is made
    for (const Json& screen : *screens) {
        if (!screen.is_string() || !named.insert(screen.get<std::string>()).second)
            return problem(422, "screens: names of screens, each once, are expected");
        if (const auto known = services.fleet.screen(call.database, screen.get<std::string>()); !known)
            return known.error().category == Category::missing ? problem(422, "screens: " + known.error().message) : error_response(known.error());
    }
    Json tokens = Json::array();
    for (const std::string& screen : named) {
        const auto made = services.enrolment_tokens.issue(call.database, screen, Milliseconds{span->get<std::int64_t>()}, call.person->login);
        if (!made)
            return error_response(made.error());
        tokens.push_back({{"screen", screen}, {"token", made->token}, {"expires_at", to_rfc3339(made->expires_at)}});
    }
    call.logged = Json{{"screens", named}, {"valid_for_ms", span->get<std::int64_t>()}}.dump(); // no token is in it
    log_info("enrolment", call.person->login + " made " + std::to_string(tokens.size()) + " tokens of enrolment");
    return json_response(Json{{"tokens", tokens}, {"public_url", services.public_url.empty() ? Json() : Json(services.public_url)}}.dump(), 201);
}

} // namespace

Result<std::optional<EnrolmentTokens::Refused>> enrol_by_token(const Services& services, sqlite::Database& database, const PublicKey& key,
                                                               std::string_view token) {
    using Refused = EnrolmentTokens::Refused;
    CAPSULE_TRY(answer, services.enrolment_tokens.redeem(database, token, key));
    if (auto* refused = std::get_if<Refused>(&answer))
        return std::optional(std::move(*refused));
    const std::string screen = std::get<std::string>(answer);
    CAPSULE_TRY(serving, services.fleet.devices_of(database, screen));
    if (!serving.empty()) {
        CAPSULE_CHECK(services.enrolment_tokens.give_back(database, token, key));
        return std::optional(Refused{EnrolmentTokens::Refusal::served, "screen \"" + screen + "\" is served by device " + serving.front() +
                                                                           ": revoke that device first, then the token will do"});
    }
    const auto put = services.fleet.put_device(database, key.device_id(), Json{{"public_key", key.hex()}, {"screen", screen}}.dump());
    if (!put) {
        (void)services.enrolment_tokens.give_back(database, token, key);
        return in_context("the token for screen \"" + screen + "\"", put.error());
    }
    services.enrolments.done(key);
    Change change; // nobody asked for it: the machine did
    change.by = "enrolment token";
    change.action = "create";
    change.subject = to_string(Subject::device);
    change.id = key.device_id();
    change.after = Json{{"screen", screen}, {"revoked", false}}.dump();
    CAPSULE_CHECK(services.changes.append(database, std::move(change)));
    CAPSULE_CHECK(services.refresh_redirects(database));
    log_info("enrolment", "device " + key.device_id() + " brought the token of screen " + screen);
    return std::optional<Refused>{};
}

void add_enrolment_token_routes(RouteTable& table, const Services& services) {
    table.add({"POST", "/api/v1/enrolments/tokens", Admission::Body::memory, most_bytes,
               [&services](Call& call) { return issued(services, call); }});
}

} // namespace capsule::server
