#include "content/lib/json/strict.hpp"
#include "playlists/server/api/api.hpp"
#include "playlists/server/api/credentials.hpp"
#include "playlists/server/api/errors.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t most_bytes = 16u << 10;

// A text member of the body, empty when it is not there.
std::string text_of(const Json& body, const char* key) {
    const auto found = body.find(key);
    return found != body.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Result<Json> body_of(const Call& call) {
    auto body = json::parse_strict(call.request.body);
    if (!body)
        return in_context("the body", body.error());
    if (!body->is_object())
        return Error{Category::invalid, "the body must be a JSON object"};
    return std::move(*body);
}

// The answer to somebody who cannot come in now.
Response not_now(const Error& error) {
    if (error.category == Category::timeout && error.message.starts_with("too many")) {
        Response refusal = problem(429, error.message);
        refusal.set("Retry-After", "900");
        return refusal;
    }
    if (error.category == Category::timeout && error.message.starts_with("many people")) {
        Response busy = problem(503, error.message); // not logged: whoever causes it could fill the log
        busy.set("Retry-After", "5");
        return busy;
    }
    return error_response(error);
}

Response first_account(const Services& services, Call& call) {
    const auto body = body_of(call);
    if (!body)
        return error_response(body.error());
    const auto person = services.people.create_first(call.database, text_of(*body, "secret"), text_of(*body, "login"),
                                                     text_of(*body, "password"));
    if (!person)
        return person.error().category == Category::refused ? problem(403, person.error().message)
                                                            : not_now(person.error());
    return json_response(Json{{"login", person->login}, {"role", to_string(person->role)}}.dump(), 201);
}

Response sign_in(const Services& services, Call& call) {
    const auto body = body_of(call);
    if (!body)
        return error_response(body.error());
    const std::string kind_text = text_of(*body, "kind");
    if (!kind_text.empty() && kind_text != "token" && kind_text != "cookie")
        return problem(422, "kind: \"token\" or nothing is expected");
    const SessionKind kind = kind_text == "token" ? SessionKind::token : SessionKind::cookie;
    const auto session = services.people.sign_in(call.database, text_of(*body, "login"), text_of(*body, "password"), kind);
    if (!session) {
        if (session.error().category == Category::refused)
            return problem(401, session.error().message);
        return not_now(session.error());
    }
    Json answer = {{"login", session->person.login},
                   {"role", to_string(session->person.role)},
                   {"expires_at", to_rfc3339(std::chrono::floor<std::chrono::seconds>(session->expires_at))}};
    if (kind == SessionKind::token)
        answer["token"] = session->secret;
    Response response = json_response(answer.dump());
    if (kind == SessionKind::cookie) {
        const auto age = std::chrono::duration_cast<std::chrono::seconds>(session->expires_at - services.clock.wall());
        std::string cookie = std::string(session_cookie) + "=" + session->secret +
                             "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(age.count());
        if (call.request.header("x-forwarded-proto") == "https")
            cookie += "; Secure";
        response.set("Set-Cookie", std::move(cookie));
    }
    return response;
}

Response sign_out(const Services& services, Call& call) {
    if (auto done = services.people.sign_out(call.database, credentials_of(call.request).secret); !done)
        return error_response(done.error());
    Response response;
    response.status = 204;
    response.set("Set-Cookie", std::string(session_cookie) + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    return response;
}

} // namespace

void add_people_routes(RouteTable& table, const Services& services) {
    table.add({"POST", "/api/v1/accounts/first", Admission::Body::memory, most_bytes,
               [&services](Call& call) { return first_account(services, call); }});
    table.add({"POST", "/api/v1/sessions", Admission::Body::memory, most_bytes,
               [&services](Call& call) { return sign_in(services, call); }});
    table.add({"GET", "/api/v1/session", Admission::Body::none, 0, [](Call& call) {
                   return json_response(Json{{"login", call.person->login}, {"role", to_string(call.person->role)}}.dump());
               }});
    table.add({"DELETE", "/api/v1/session", Admission::Body::none, 0,
               [&services](Call& call) { return sign_out(services, call); }});
}

} // namespace capsule::server
