// Other people's accounts: who there is, invitations, what each may do.
#include "playlists/server/api/api.hpp"
#include "playlists/server/api/body.hpp"
#include "playlists/server/api/errors.hpp"
#include "playlists/server/people/standing.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

Response text_or_error(Result<std::string> text) {
    return text ? json_response(std::move(*text)) : error_response(text.error());
}

Response no_content(const Result<void>& done) {
    if (!done)
        return error_response(done.error());
    Response response;
    response.status = 204;
    return response;
}

Result<Standing> standing_of(const Services& services, const Call& call, const Json& body) {
    CAPSULE_TRY(standing, standing_from_json(body));
    if (!standing.site.empty())
        if (const auto site = services.fleet.site(call.database, standing.site); !site)
            return site.error().category == Category::missing ? Error{Category::invalid, "site: " + site.error().message} : site.error();
    return std::move(standing);
}

// The secret goes with this answer and nowhere else: whoever invites sends the link, or reads it out.
Response link(const Services& services, Call& call, const Result<Accounts::Invited>& invited) {
    if (!invited)
        return error_response(invited.error());
    call.made = invited->invitation.id;
    Json answer = to_json(invited->invitation.standing);
    answer["id"] = invited->invitation.id;
    answer["login"] = invited->invitation.login;
    answer["renews"] = invited->invitation.renews;
    answer["expires"] = to_rfc3339(std::chrono::floor<std::chrono::seconds>(invited->invitation.expires));
    answer["link"] = services.public_url + "/console#invitation=" + invited->secret;
    return json_response(answer.dump(), 201);
}

Response invite(const Services& services, Call& call) {
    const auto body = object_of(call);
    if (!body)
        return error_response(body.error());
    const auto standing = standing_of(services, call, *body);
    if (!standing)
        return error_response(standing.error());
    return link(services, call, services.accounts.invite(call.database, text_in(*body, "login"), *standing, call.person->login));
}

Response change_person(const Services& services, Call& call) {
    const auto body = object_of(call);
    if (!body)
        return error_response(body.error());
    const auto standing = standing_of(services, call, *body);
    if (!standing)
        return error_response(standing.error());
    const std::string& login = call.parameters.at("login");
    if (auto changed = services.accounts.change(call.database, login, *standing); !changed)
        return error_response(changed.error());
    return text_or_error(services.accounts.person(call.database, login));
}

} // namespace

void add_administration_routes(RouteTable& table, const Services& services) {
    table.add({"GET", "/api/v1/people", Admission::Body::none, 0,
               [&services](Call& call) { return text_or_error(services.accounts.list(call.database)); }});
    table.add({"GET", "/api/v1/people/{login}", Admission::Body::none, 0, [&services](Call& call) {
                   return text_or_error(services.accounts.person(call.database, call.parameters.at("login")));
               }});
    table.add({"PUT", "/api/v1/people/{login}", Admission::Body::memory, most_small_body,
               [&services](Call& call) { return change_person(services, call); }});
    table.add({"DELETE", "/api/v1/people/{login}", Admission::Body::none, 0, [&services](Call& call) {
                   return no_content(services.accounts.end(call.database, call.parameters.at("login")));
               }});
    table.add({"POST", "/api/v1/people/{login}/link", Admission::Body::none, 0, [&services](Call& call) {
                   return link(services, call, services.accounts.renew(call.database, call.parameters.at("login"), call.person->login));
               }});
    table.add({"DELETE", "/api/v1/people/{login}/second-factor", Admission::Body::none, 0, [&services](Call& call) {
                   return no_content(services.second_factor.remove(call.database, call.parameters.at("login")));
               }});
    table.add({"GET", "/api/v1/invitations", Admission::Body::none, 0,
               [&services](Call& call) { return text_or_error(services.accounts.invitations(call.database)); }});
    table.add({"POST", "/api/v1/invitations", Admission::Body::memory, most_small_body,
               [&services](Call& call) { return invite(services, call); }});
    table.add({"DELETE", "/api/v1/invitations/{id}", Admission::Body::none, 0, [&services](Call& call) {
                   return no_content(services.accounts.withdraw(call.database, call.parameters.at("id")));
               }});
}

} // namespace capsule::server
