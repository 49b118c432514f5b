#include "playlists/server/api/access.hpp"

#include <algorithm>

namespace capsule::server {

namespace {

constexpr Scope no = Scope::none, own = Scope::own, site = Scope::site, land = Scope::territory, ask = Scope::proposal, all = Scope::all;

constexpr Access anybody(std::string_view method, std::string_view pattern) {
    return {method, pattern, Door::anybody, Subject::none, {}};
}
constexpr Access device(std::string_view method, std::string_view pattern) {
    return {method, pattern, Door::device, Subject::none, {}};
}
constexpr Access people(std::string_view method, std::string_view pattern, Subject subject, Scope reception, Scope evaluator,
                        Scope contributor, Scope coordinator, Scope administrator) {
    return {method, pattern, Door::people, subject, {reception, evaluator, contributor, coordinator, administrator}};
}

// A line for each route. What reads has no subject unless its scope needs one; what changes something has the subject that it changes.
constexpr Access table[] = {
    anybody("GET", "/healthz"),
    anybody("GET", "/metrics"),
    anybody("GET", "/release/index.json"),
    anybody("GET", "/release/{document}"),
    anybody("GET", "/blobs/{sha256}"),
    anybody("GET", "/Q/{code}"),
    anybody("GET", "/q/{code}"),
    anybody("GET", "/"),
    anybody("GET", "/console/{rest}"),
    anybody("POST", "/api/v1/accounts/first"),
    anybody("POST", "/api/v1/sessions"),
    anybody("POST", "/api/v1/invitations/find"),
    anybody("POST", "/api/v1/invitations/accept"),
    anybody("POST", "/api/v1/enrolments"),
    device("POST", "/api/v1/ledger/{journal}"),
    device("POST", "/api/v1/state"),

    //                                          subject              recept. evalu. contr. coord. admin.
    people("GET", "/api/v1/session", Subject::none, own, own, own, own, own),
    people("DELETE", "/api/v1/session", Subject::none, own, own, own, own, own),
    people("GET", "/api/v1/account", Subject::none, own, own, own, own, own),
    people("POST", "/api/v1/account/password", Subject::account, own, own, own, own, own),
    people("POST", "/api/v1/account/second-factor", Subject::account, own, own, own, own, own),
    people("PUT", "/api/v1/account/second-factor", Subject::account, own, own, own, own, own),
    people("POST", "/api/v1/account/second-factor/remove", Subject::account, own, own, own, own, own),
    people("GET", "/api/v1/account/tokens", Subject::none, no, own, own, own, own),
    people("POST", "/api/v1/account/tokens", Subject::account, no, own, own, own, own),
    people("DELETE", "/api/v1/account/tokens/{id}", Subject::account, no, own, own, own, own),

    people("GET", "/api/v1/people", Subject::none, no, no, no, no, all),
    people("GET", "/api/v1/people/{login}", Subject::person, no, no, no, no, all),
    people("PUT", "/api/v1/people/{login}", Subject::person, no, no, no, no, all),
    people("DELETE", "/api/v1/people/{login}", Subject::person, no, no, no, no, all),
    people("POST", "/api/v1/people/{login}/link", Subject::invitation, no, no, no, no, all),
    people("DELETE", "/api/v1/people/{login}/second-factor", Subject::person, no, no, no, no, all),
    people("GET", "/api/v1/invitations", Subject::none, no, no, no, no, all),
    people("POST", "/api/v1/invitations", Subject::invitation, no, no, no, no, all),
    people("DELETE", "/api/v1/invitations/{id}", Subject::invitation, no, no, no, no, all),

    people("GET", "/api/v1/proposals", Subject::proposals, no, no, own, land, all),
    people("DELETE", "/api/v1/proposals/{number}", Subject::proposal, no, no, own, no, own),
    people("POST", "/api/v1/proposals/{number}/approve", Subject::proposal, no, no, no, land, all),
    people("POST", "/api/v1/proposals/{number}/refuse", Subject::proposal, no, no, no, land, all),

    people("PUT", "/api/v1/blobs/{sha256}", Subject::bytes, no, no, all, all, all),
    anybody("OPTIONS", "/api/v1/uploads"),
    people("POST", "/api/v1/uploads", Subject::bytes, no, no, own, own, own),
    people("GET", "/api/v1/uploads/{upload}", Subject::none, no, no, own, own, own),
    people("PATCH", "/api/v1/uploads/{upload}", Subject::bytes, no, no, own, own, own),
    people("DELETE", "/api/v1/uploads/{upload}", Subject::bytes, no, no, own, own, own),
    people("POST", "/api/v1/jobs", Subject::bytes, no, no, own, own, own),
    people("GET", "/api/v1/jobs", Subject::none, no, no, own, own, all),
    people("GET", "/api/v1/jobs/{job}", Subject::none, no, no, own, own, all),
    people("DELETE", "/api/v1/jobs/{job}", Subject::bytes, no, no, own, own, all),
    people("GET", "/api/v1/capsules", Subject::none, no, all, all, all, all),
    people("GET", "/api/v1/capsules/{id}", Subject::capsule, no, all, all, all, all),
    people("PUT", "/api/v1/capsules/{id}", Subject::capsule, no, no, ask, land, all),
    people("DELETE", "/api/v1/capsules/{id}", Subject::capsule, no, no, ask, land, all),
    people("GET", "/api/v1/capsules/{id}/report", Subject::none, no, all, all, all, all),
    people("POST", "/api/v1/capsules/{id}/report/answers", Subject::capsule, no, no, no, land, all),
    people("POST", "/api/v1/captions", Subject::bytes, no, no, own, own, own),
    people("GET", "/api/v1/playlists", Subject::none, no, all, all, all, all),
    people("GET", "/api/v1/playlists/{id}", Subject::playlist, no, all, all, all, all),
    people("PUT", "/api/v1/playlists/{id}", Subject::playlist, no, no, ask, land, all),
    people("DELETE", "/api/v1/playlists/{id}", Subject::playlist, no, no, ask, land, all),
    people("POST", "/api/v1/playlists/{id}/preview", Subject::bytes, no, no, own, own, own),
    people("GET", "/api/v1/schedules", Subject::none, no, all, all, all, all),
    people("GET", "/api/v1/schedules/{id}", Subject::schedule, no, all, all, all, all),
    people("PUT", "/api/v1/schedules/{id}", Subject::schedule, no, no, ask, land, all),
    people("DELETE", "/api/v1/schedules/{id}", Subject::schedule, no, no, ask, land, all),
    people("GET", "/api/v1/directory", Subject::directory, no, all, all, all, all),
    people("PUT", "/api/v1/directory", Subject::directory, no, no, no, land, all),
    people("PUT", "/api/v1/directory/places", Subject::directory, no, no, no, land, all),
    people("DELETE", "/api/v1/directory/places", Subject::directory, no, no, no, land, all),
    people("GET", "/api/v1/school-holidays", Subject::school_holidays, no, all, all, all, all),
    people("PUT", "/api/v1/school-holidays", Subject::school_holidays, no, no, no, land, all),
    people("GET", "/api/v1/publish", Subject::none, no, all, all, all, all),
    people("POST", "/api/v1/publish", Subject::programme, no, no, no, all, all),
    people("GET", "/api/v1/publications", Subject::none, no, all, all, all, all),
    people("POST", "/api/v1/publications/{number}/restore", Subject::restoration, no, no, no, land, all),
    people("GET", "/api/v1/now", Subject::now, no, all, all, all, all),
    people("PUT", "/api/v1/now", Subject::now, no, no, no, land, all),

    people("GET", "/api/v1/notices", Subject::notices, site, no, no, land, all),
    people("POST", "/api/v1/notices", Subject::notice, site, no, no, land, all),
    people("DELETE", "/api/v1/notices/{id}", Subject::notice, site, no, no, land, all),

    people("GET", "/api/v1/sites", Subject::none, no, all, all, all, all),
    people("GET", "/api/v1/sites/{id}", Subject::site, site, all, all, all, all),
    people("PUT", "/api/v1/sites/{id}", Subject::site, no, no, no, land, all),
    people("DELETE", "/api/v1/sites/{id}", Subject::site, no, no, no, no, all),
    people("POST", "/api/v1/sites/import", Subject::site_file, no, no, no, land, all),
    people("GET", "/api/v1/screens", Subject::none, no, all, all, all, all),
    people("GET", "/api/v1/screens/{id}", Subject::screen, no, all, all, all, all),
    people("PUT", "/api/v1/screens/{id}", Subject::screen, no, no, no, land, all),
    people("DELETE", "/api/v1/screens/{id}", Subject::screen, no, no, no, no, all),
    people("GET", "/api/v1/screens/{id}/log", Subject::none, no, all, all, all, all),
    people("GET", "/api/v1/screens/{id}/forecast", Subject::none, no, all, all, all, all),
    people("GET", "/api/v1/screens/{id}/explanation", Subject::none, no, all, all, all, all),
    people("GET", "/api/v1/screens/{id}/week", Subject::none, no, all, all, all, all),
    people("GET", "/api/v1/devices", Subject::none, no, all, all, all, all),
    people("PUT", "/api/v1/devices/{device}", Subject::device, no, no, no, no, all),
    people("DELETE", "/api/v1/devices/{device}", Subject::device, no, no, no, no, all),
    people("POST", "/api/v1/enrolments/accept", Subject::enrolment, no, no, no, land, all),
    people("POST", "/api/v1/enrolments/tokens", Subject::enrolment_tokens, no, no, no, land, all),

    people("GET", "/api/v1/report", Subject::none, no, all, all, all, all),
    people("GET", "/api/v1/ledger", Subject::none, no, all, all, all, all),
    people("GET", "/api/v1/ledger/corrections", Subject::none, no, all, all, all, all),
    people("GET", "/api/v1/ledger/{device}/{journal}", Subject::none, no, all, all, all, all),

    people("GET", "/api/v1/changes", Subject::none, no, no, no, no, all),

    people("GET", "/api/v1/release/keys", Subject::none, no, no, no, no, all),
    people("POST", "/api/v1/release/keys/next", Subject::keys, no, no, no, no, all),
    people("PUT", "/api/v1/release/root", Subject::keys, no, no, no, no, all),
};

} // namespace

std::span<const Access> access_table() {
    return table;
}

const Access* find_access(std::string_view method, std::string_view pattern) {
    const auto found = std::find_if(std::begin(table), std::end(table),
                                    [&](const Access& line) { return line.method == method && line.pattern == pattern; });
    return found == std::end(table) ? nullptr : found;
}

const char* to_string(Scope scope) {
    switch (scope) {
    case Scope::none:
        return "none";
    case Scope::own:
        return "own";
    case Scope::site:
        return "site";
    case Scope::territory:
        return "territory";
    case Scope::proposal:
        return "proposal";
    case Scope::all:
        break;
    }
    return "all";
}

std::string describe(const Access& access) {
    if (access.door != Door::people)
        return access.door == Door::anybody ? "anybody" : "device";
    std::string text;
    for (const Role role : all_roles)
        if (access.scope(role) != Scope::none)
            text += (text.empty() ? "{" : ", ") + std::string(to_string(role)) + ": " + to_string(access.scope(role));
    return text + "}";
}

} // namespace capsule::server
