#include "playlists/server/api/api.hpp"

#include "playlists/server/api/change_request.hpp"
#include "playlists/server/api/credentials.hpp"
#include "playlists/server/api/errors.hpp"
#include "playlists/server/http/gzip.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

Response not_found(const RouteTable::Match& match) {
    if (!match.allowed.empty()) {
        Response refusal = problem(405, "this address takes " + match.allowed);
        refusal.set("Allow", match.allowed);
        return refusal;
    }
    return match.malformed.empty() ? problem(404, "there is nothing at this address") : problem(422, match.malformed);
}

SignedHeaders signed_headers(const RequestHead& head) {
    return {head.header("content-digest"), head.header("capsule-counter"), head.header("signature-input"),
            head.header("signature")};
}

Refusal kind_of(DeviceRefusal why) {
    switch (why) {
    case DeviceRefusal::unknown:
        return Refusal::unknown;
    case DeviceRefusal::forged:
        return Refusal::forged;
    case DeviceRefusal::replayed:
        return Refusal::replayed;
    case DeviceRefusal::revoked:
        break;
    }
    return Refusal::revoked;
}

} // namespace

RouteTable make_routes(const Services& services, std::function<std::string()> metrics, std::function<const RouteTable&()> routes) {
    RouteTable table;
    add_public_routes(table, services, std::move(metrics));
    add_people_routes(table, services);
    add_account_routes(table, services);
    add_administration_routes(table, services);
    add_proposal_routes(table, services, std::move(routes));
    add_catalogue_routes(table, services);
    add_publishing_routes(table, services);
    add_release_routes(table, services);
    add_fleet_routes(table, services);
    add_place_routes(table, services);
    add_foresight_routes(table, services);
    add_device_routes(table, services);
    add_enrolment_routes(table, services);
    add_enrolment_token_routes(table, services);
    add_statistics_routes(table, services);
    add_ledger_routes(table, services);
    add_upload_routes(table, services);
    add_job_routes(table, services);
    add_review_routes(table, services);
    add_changes_routes(table, services);
    return table;
}

Api::Api(const Services& services)
    : m_services(services), m_routes(make_routes(
                                services, [this] { return metrics(); }, [this]() -> const RouteTable& { return m_routes; })) {}

// Who calls, and whether his role may call the route at all; the refusal when not.
std::optional<Response> Api::identify(const Route& route, const RequestHead& head, sqlite::Database& database,
                                      std::optional<Person>& person) const {
    if (!route.access)
        return problem(403, "this is open to nobody");
    if (route.access->door != Door::people)
        return std::nullopt;
    const Credentials credentials = credentials_of(head);
    if (credentials.secret.empty()) {
        Response refusal = problem(401, "sign in first");
        refusal.set("WWW-Authenticate", "Bearer");
        return refusal;
    }
    auto found = m_services.people.identify(database, credentials.secret, credentials.kind);
    if (!found)
        return error_response(found.error());
    if (!*found) {
        Response refusal = problem(401, "the session has ended; sign in again");
        refusal.set("WWW-Authenticate", "Bearer");
        return refusal;
    }
    person = std::move(*found);
    if (route.access->scope(person->role) == Scope::none)
        return problem(403, std::string("this is not open to the role ") + to_string(person->role));
    const bool changes = head.method != "GET" && head.method != "HEAD";
    if (changes && credentials.kind == SessionKind::cookie && head.header("x-capsule") != "1")
        return problem(403, "the header \"X-Capsule: 1\" is missing");
    return std::nullopt;
}

// With the counter when that is what is wrong: a machine with a restored store goes on above it.
Response Api::device_refusal(const RefusedDevice& refused) const {
    Response response = problem(refused.why == DeviceRefusal::revoked ? 403 : 401, refused.reason);
    if (refused.counter) {
        m_services.fleet.note_rival(refused.device);
        nlohmann::json body = nlohmann::json::parse(response.body);
        body["counter"] = *refused.counter;
        response.body = body.dump();
    }
    return response;
}

Admission Api::admit(const RequestHead& head) {
    Admission admission;
    const auto match = m_routes.find(head.method, head.segments);
    if (!match.route) {
        admission.refusal = not_found(match); // also when a body follows, which would be too large for an address that takes none
        count(admission.refusal->status);
        return admission;
    }
    if (match.route->at_once) {
        admission.refusal = match.route->at_once(head, match.parameters);
        count(admission.refusal->status);
        return admission;
    }
    admission.body = match.route->body;
    admission.most = match.route->most;
    if (admission.body != Admission::Body::spool && admission.body != Admission::Body::sink)
        return admission;
    // A large body is not even read from somebody who may not send it. One look-up by key: quick enough for an event thread.
    auto lease = m_services.database.lease();
    std::optional<Person> person;
    if (!lease)
        admission.refusal = error_response(lease.error());
    else if (is_from_another_site(head, m_services.public_url))
        admission.refusal = problem(403, "requests that change something must come from this server's own pages");
    else
        admission.refusal = identify(*match.route, head, **lease, person);
    if (!admission.refusal && match.route->open)
        admission = match.route->open(head, match.parameters, *person, **lease);
    if (admission.refusal)
        count(admission.refusal->status);
    return admission;
}

void Api::count(int status) {
    const auto digit = static_cast<std::size_t>(status / 100);
    ++m_answers[digit < m_answers.size() ? digit : 5];
}

Response Api::handle(Request request) {
    Response response;
    if (is_from_another_site(request, m_services.public_url))
        response = problem(403, "requests that change something must come from this server's own pages");
    else
        response = answer(request);
    count(response.status);
    compress_if_accepted(request, response);
    return response;
}

Response Api::answer(Request& request) {
    const auto match = m_routes.find(request.method, request.segments);
    if (!match.route)
        return not_found(match);
    auto lease = m_services.database.lease();
    if (!lease)
        return error_response(lease.error());
    Call call{request, match.parameters, **lease, std::nullopt, std::nullopt};
    if (auto refusal = identify(*match.route, request, **lease, call.person))
        return std::move(*refusal);
    if (call.person)
        return answer_person(*match.route, call);
    if (match.route->access->door == Door::device) {
        auto checked = authenticate_device(**lease, request.method, request.raw_path, request.body, signed_headers(request));
        if (!checked)
            return error_response(checked.error());
        if (const auto* refused = std::get_if<RefusedDevice>(&*checked)) {
            m_services.refusals.note(refused->device, kind_of(refused->why), refused->reason);
            (void)m_services.refusals.write_when_due(**lease);
            return device_refusal(*refused);
        }
        call.device = std::get<Device>(*checked);
    }
    return match.route->handler(call);
}

Response Api::answer_person(const Route& route, Call& call) const {
    const bool reads = call.request.method == "GET" || call.request.method == "HEAD";
    if (!reads)
        return carry_out(m_services, route, call);
    if (auto refusal = outside_reach(m_services, *route.access, call))
        return std::move(*refusal);
    const auto object = subject_now(route.access->subject, m_services, call);
    if (!object)
        return error_response(object.error());
    Response response = route.handler(call);
    if (response.status == 200 && *object)
        response.set("ETag", tag_of(**object));
    return response;
}

std::string Api::metrics() const {
    std::string text = "# HELP capsule_build_info The program's version.\n# TYPE capsule_build_info gauge\n"
                       "capsule_build_info{version=\"" +
                       m_services.version + "\"} 1\n";
    text += "# HELP capsule_http_responses_total Responses by class of status.\n# TYPE capsule_http_responses_total counter\n";
    for (std::size_t digit = 2; digit < m_answers.size(); ++digit)
        text +=
            "capsule_http_responses_total{class=\"" + std::to_string(digit) + "xx\"} " + std::to_string(m_answers[digit]) + "\n";
    text += "# HELP capsule_scans_held_back_total Uses of a link beyond those that count in one minute.\n"
            "# TYPE capsule_scans_held_back_total counter\ncapsule_scans_held_back_total " +
            std::to_string(m_services.redirector.held_back()) + "\n";
    text += "# HELP capsule_release_number Number of each document in force.\n# TYPE capsule_release_number gauge\n";
    for (const DocumentKind kind : all_document_kinds)
        text += std::string("capsule_release_number{document=\"") + to_string(kind) + "\"} " +
                std::to_string(m_services.release.next_number(kind) - 1) + "\n";
    return text;
}

} // namespace capsule::server
