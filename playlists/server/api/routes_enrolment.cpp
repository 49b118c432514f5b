#include "playlists/server/api/api.hpp"
#include "playlists/server/api/errors.hpp"

#include "content/base/log.hpp"
#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t most_bytes = 4096;

Response too_many(const Error& error, const char* seconds) {
    Response refusal = problem(429, error.message);
    refusal.set("Retry-After", seconds);
    return refusal;
}

std::string text_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Result<Json> object_of(const std::string& body) {
    auto json = json::parse_strict(body, {.bytes = most_bytes, .floats = false});
    if (!json || !json->is_object())
        return Error{Category::invalid, "the body must be a JSON object"};
    return std::move(*json);
}

Response enrolled(const Services& services, const std::string& screen) {
    return json_response(Json{{"state", "enrolled"}, {"screen", screen}, {"root", services.signed_release.root()}}.dump());
}

// A machine says: here I am, with this key, perhaps with a token.
Response announced(const Services& services, Call& call) {
    const RequestHead& head = call.request;
    const auto body = object_of(call.request.body);
    if (!body)
        return error_response(body.error());
    const auto key = PublicKey::parse(text_of(*body, "public_key"));
    if (!key)
        return problem(422, "public_key: 64 lower-case hexadecimal digits are expected");
    const SignedHeaders headers{head.header("content-digest"), head.header("capsule-counter"), head.header("signature-input"),
                                head.header("signature")};
    const auto verified = verify_request(*key, head.method, head.raw_path, call.request.body, headers);
    if (!verified || verified->device != key->device_id())
        return problem(401, verified ? "the signature is another device's" : verified.error().message);

    const auto device = services.fleet.device(call.database, key->device_id());
    if (device && device->revoked)
        return json_response(Json{{"state", "revoked"}}.dump());
    if (device) {
        services.enrolments.done(*key);
        return enrolled(services, device->screen);
    }
    if (device.error().category != Category::missing)
        return error_response(device.error());
    Json refused;
    if (const std::string token = text_of(*body, "token"); !token.empty()) {
        const auto refusal = enrol_by_token(services, call.database, *key, token);
        if (!refusal)
            return error_response(refusal.error());
        if (!*refusal)
            if (const auto now = services.fleet.device(call.database, key->device_id()))
                return enrolled(services, now->screen);
        if (*refusal)
            refused = {{"reason", to_string((*refusal)->why)}, {"detail", (*refusal)->detail}};
    }
    const auto waiting = services.enrolments.announce(*key, verified->counter);
    if (!waiting)
        return waiting.error().category == Category::timeout ? too_many(waiting.error(), "60") : problem(401, waiting.error().message);
    Json answer = {{"state", "waiting"},
                   {"code", waiting->code},
                   {"expires_in_ms", waiting->expires_in.count()},
                   {"console", services.public_url.empty() ? Json() : Json(services.public_url + "/console")}};
    if (!refused.is_null())
        answer["token_refused"] = refused;
    return json_response(answer.dump());
}

// The screen that somebody chose; made when it is to be a new one.
Result<std::string> chosen_screen(const Services& services, Call& call, const Json& body) {
    const std::string screen = text_of(body, "screen");
    if (screen.empty())
        return services.fleet.add_screen(call.database, text_of(body, "site"), text_of(body, "name"));
    if (const auto known = services.fleet.screen(call.database, screen); !known)
        return known.error().category == Category::missing ? Error{Category::invalid, "screen: " + known.error().message} : known.error();
    return screen;
}

// Somebody types the code that a machine shows.
Response accepted(const Services& services, Call& call) {
    const auto body = object_of(call.request.body);
    if (!body)
        return error_response(body.error());
    const bool named = !text_of(*body, "screen").empty();
    if (!named && (text_of(*body, "site").empty() || text_of(*body, "name").empty()))
        return problem(422, "give the screen, or the site and the name of a new one");
    const auto key = services.enrolments.find(call.person->login, text_of(*body, "code"));
    if (!key)
        return key.error().category == Category::timeout ? too_many(key.error(), "900") : error_response(key.error());
    const auto screen = chosen_screen(services, call, *body);
    if (!screen)
        return error_response(screen.error());
    const auto serving = services.fleet.devices_of(call.database, *screen);
    if (!serving)
        return error_response(serving.error());
    const auto replace = body->find("replace");
    if (!serving->empty() && (replace == body->end() || *replace != Json(true)))
        return problem(409, "screen \"" + *screen + "\" is served by device " + serving->front() +
                                ": choose another, or send \"replace\": true to revoke that device");
    const std::string device = key->device_id();
    if (const auto put = services.fleet.put_device(call.database, device, Json{{"public_key", key->hex()}, {"screen", *screen}}.dump()); !put)
        return error_response(put.error());
    services.enrolments.done(*key);
    for (const std::string& former : *serving)
        if (const auto revoked = services.fleet.revoke_device(call.database, former); !revoked)
            return error_response(revoked.error());
    if (const auto refreshed = services.refresh_redirects(call.database); !refreshed)
        return error_response(refreshed.error());
    log_info("enrolment", call.person->login + " gave device " + device + " the screen " + *screen);
    Json answer = {{"device", device}, {"screen", *screen}};
    if (const auto record = services.fleet.screen(call.database, *screen))
        answer["code"] = Json::parse(*record).at("code");
    return json_response(answer.dump(), 201);
}

} // namespace

void add_enrolment_routes(RouteTable& table, const Services& services) {
    table.add({"POST", "/api/v1/enrolments", Admission::Body::memory, most_bytes,
               [&services](Call& call) { return announced(services, call); }});
    table.add({"POST", "/api/v1/enrolments/accept", Admission::Body::memory, most_bytes,
               [&services](Call& call) { return accepted(services, call); }});
}

} // namespace capsule::server
