#include "playlists/server/api/api.hpp"
#include "playlists/server/api/body.hpp"
#include "playlists/server/api/credentials.hpp"
#include "playlists/server/api/errors.hpp"
#include "playlists/server/api/signing_in.hpp"
#include "playlists/server/people/standing.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

// Sent only where it counts: a page never needs it.
constexpr const char* known_cookie = "capsule_known";
constexpr const char* known_path = "; Path=/api/v1/sessions";

Json session_json(const Session& session) {
    Json answer = Json::parse(person_json(session.person));
    answer["expires_at"] = to_rfc3339(std::chrono::floor<std::chrono::seconds>(session.expires_at));
    return answer;
}

Response first_account(const Services& services, Call& call) {
    const auto body = object_of(call);
    if (!body)
        return error_response(body.error());
    const auto person = services.people.create_first(call.database, text_in(*body, "secret"), text_in(*body, "login"),
                                                     text_in(*body, "password"));
    if (!person)
        return person.error().category == Category::refused ? problem(403, person.error().message) : not_now(person.error());
    return json_response(person_json(*person), 201);
}

Response sign_in(const Services& services, Call& call) {
    const auto body = object_of(call);
    if (!body)
        return error_response(body.error());
    const std::string kind_text = text_in(*body, "kind");
    if (!kind_text.empty() && kind_text != "token" && kind_text != "cookie")
        return problem(422, "kind: \"token\" or nothing is expected");
    const SessionKind kind = kind_text == "token" ? SessionKind::token : SessionKind::cookie;
    const std::string login = text_in(*body, "login"), password = text_in(*body, "password"), code = text_in(*body, "code"),
                      known = known_browser_of(call.request);
    const auto session = services.people.sign_in(call.database, {login, password, code, kind, call.request.client, known});
    if (!session) {
        if (session.error().category != Category::refused)
            return not_now(session.error());
        Response refusal = problem(401, session.error().message);
        Json told = Json::parse(refusal.body);
        told["second_factor"] = session.error().message == People::code_wanted || session.error().message == People::code_wrong;
        refusal.body = told.dump();
        return refusal;
    }
    // A session that this browser had before ends: who signs in is somebody new.
    if (const Credentials former = credentials_of(call.request); !former.secret.empty() && former.kind == SessionKind::cookie)
        (void)services.people.sign_out(call.database, former.secret);
    Json answer = session_json(*session);
    if (kind == SessionKind::token)
        answer["token"] = session->secret;
    Response response = json_response(answer.dump());
    if (kind == SessionKind::cookie)
        set_cookies(services, call.request, *session, response);
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

Json invitation_json(const Invitation& invitation) {
    Json json = to_json(invitation.standing);
    json["login"] = invitation.login;
    json["renews"] = invitation.renews;
    json["expires"] = to_rfc3339(std::chrono::floor<std::chrono::seconds>(invitation.expires));
    return json;
}

// The secret is in the body, not in the address, so it is in no log.
Response find_invitation(const Services& services, Call& call) {
    const auto body = object_of(call);
    if (!body)
        return error_response(body.error());
    const auto found = services.people.find_invitation(call.database, text_in(*body, "secret"), call.request.client);
    return found ? json_response(invitation_json(*found).dump()) : not_now(found.error());
}

Response accept_invitation(const Services& services, Call& call) {
    const auto body = object_of(call);
    if (!body)
        return error_response(body.error());
    const auto accepted =
        services.people.accept_invitation(call.database, text_in(*body, "secret"), text_in(*body, "password"), call.request.client);
    return accepted ? json_response(invitation_json(*accepted).dump(), 201) : not_now(accepted.error());
}

} // namespace

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

void set_cookies(const Services& services, const RequestHead& head, const Session& session, Response& response) {
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(session.expires_at - services.clock.wall());
    const std::string secure = head.header("x-forwarded-proto") == "https" ? "; Secure" : "";
    response.headers.emplace_back("Set-Cookie", std::string(known_cookie) + "=" + session.known_browser + known_path +
                                                    "; HttpOnly; SameSite=Strict; Max-Age=15552000" + secure);
    response.headers.emplace_back("Set-Cookie", std::string(session_cookie) + "=" + session.secret +
                                                    "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(age.count()) + secure);
}

std::string known_browser_of(const RequestHead& head) {
    return head.cookie(known_cookie);
}

std::string person_json(const Person& person) {
    Json json = to_json(Standing{person.role, person.territory, person.site});
    json["login"] = person.login;
    return json.dump();
}

void add_people_routes(RouteTable& table, const Services& services) {
    const auto post = [&](const char* pattern, Response (*handler)(const Services&, Call&)) {
        table.add({"POST", pattern, Admission::Body::memory, most_small_body,
                   [&services, handler](Call& call) { return handler(services, call); }});
    };
    post("/api/v1/accounts/first", first_account);
    post("/api/v1/sessions", sign_in);
    post("/api/v1/invitations/find", find_invitation);
    post("/api/v1/invitations/accept", accept_invitation);
    table.add({"GET", "/api/v1/session", Admission::Body::none, 0,
               [](Call& call) { return json_response(person_json(*call.person)); }});
    table.add({"DELETE", "/api/v1/session", Admission::Body::none, 0, [&services](Call& call) { return sign_out(services, call); }});
}

} // namespace capsule::server
