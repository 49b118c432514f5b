// From a request to the handler that answers it: finds the route, learns who is asking, says no or calls. Thread-safe.
#pragma once

#include "playlists/server/api/route_table.hpp"
#include "playlists/server/api/services.hpp"
#include "playlists/server/http/server.hpp"

#include <array>
#include <atomic>

namespace capsule::server {

class Api final : public HttpHandler {
public:
    explicit Api(const Services& services);

    Admission admit(const RequestHead& head) override;
    Response handle(Request request) override;

    const RouteTable& routes() const { return m_routes; }

private:
    Response answer(Request& request);
    std::optional<Response> identify(const Route& route, const RequestHead& head, sqlite::Database& database,
                                     std::optional<Person>& person) const;
    Response answer_person(const Route& route, Call& call) const;
    void count(int status);
    Response device_refusal(const RefusedDevice& refused) const;
    std::string metrics() const;

    const Services& m_services;
    RouteTable m_routes;
    std::array<std::atomic<std::uint64_t>, 6> m_answers{}; // by the status code's first digit
};

// The whole API. `metrics` makes the text of /metrics; `routes` gives this table once it is made.
RouteTable make_routes(const Services& services, std::function<std::string()> metrics, std::function<const RouteTable&()> routes);

// The parts of make_routes, one file each.
void add_public_routes(RouteTable& table, const Services& services, std::function<std::string()> metrics);
// Signing in, and whatever anybody may do who is not.
void add_people_routes(RouteTable& table, const Services& services);
void add_account_routes(RouteTable& table, const Services& services);
void add_administration_routes(RouteTable& table, const Services& services);
// `routes` gives the whole table, which holds what was proposed.
void add_proposal_routes(RouteTable& table, const Services& services, std::function<const RouteTable&()> routes);
void add_catalogue_routes(RouteTable& table, const Services& services);
void add_publishing_routes(RouteTable& table, const Services& services);
// GET and PUT of keys and roots of the signed release.
void add_release_routes(RouteTable& table, const Services& services);
void add_fleet_routes(RouteTable& table, const Services& services);
// Notices of places, sites from a file, the log of a screen.
void add_place_routes(RouteTable& table, const Services& services);
// What screens will show, and the school holidays that it depends on.
void add_foresight_routes(RouteTable& table, const Services& services);
// How a machine with a new key comes to serve a screen.
void add_enrolment_routes(RouteTable& table, const Services& services);
// Tokens that machines bring on a stick.
void add_enrolment_token_routes(RouteTable& table, const Services& services);
void add_device_routes(RouteTable& table, const Services& services);
void add_statistics_routes(RouteTable& table, const Services& services);
void add_ledger_routes(RouteTable& table, const Services& services);
// Resumable transfer of masters (tus 1.0).
void add_upload_routes(RouteTable& table, const Services& services);
// Masters made fit for the screen, one after the other; what was found out about them.
void add_job_routes(RouteTable& table, const Services& services);
// What was found out about capsules, what people answer to it; captions that are typed.
void add_review_routes(RouteTable& table, const Services& services);
// Who changed what.
void add_changes_routes(RouteTable& table, const Services& services);

// The machine with that key brings that token: it is enrolled, or why not.
Result<std::optional<EnrolmentTokens::Refused>> enrol_by_token(const Services& services, sqlite::Database& database, const PublicKey& key,
                                                               std::string_view token);

} // namespace capsule::server
