#include "playlists/server/api/change_request.hpp"

#include "content/base/digest.hpp"
#include "playlists/server/api/errors.hpp"
#include "playlists/server/people/ownership.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

// Whether one of the tags of an If-Match header is this one. A compressed response's tag ends in -gzip: it is of the same object.
bool names(const std::string& header, const std::string& tag) {
    const std::string bare = tag.substr(1, tag.size() - 2);
    for (std::size_t at = header.find(bare); at != std::string::npos; at = header.find(bare, at + 1)) {
        const std::string after = header.substr(at + bare.size(), 6);
        if (at > 0 && header[at - 1] == '"' && (after.starts_with('"') || after == "-gzip\""))
            return true;
    }
    return false;
}

// Somebody else was faster: what he made of it goes with the answer, so that nothing of either is lost.
Response changed_meanwhile(const Services& services, const Access& access, const Call& call,
                           const std::optional<std::string>& current, const std::string& what) {
    const auto last = services.changes.last_of(call.database, to_string(access.subject), subject_id(access.subject, call));
    if (!last)
        return error_response(last.error());
    std::string detail = what;
    if (*last)
        detail += " by \"" + (*last)->who + "\" at " + to_rfc3339((*last)->at);
    Response response = problem(412, detail + ": nothing was changed; compare with \"current\" and send again with its tag");
    Json body = Json::parse(response.body);
    body["current"] = current ? Json::parse(*current, nullptr, false) : Json();
    body["etag"] = current ? Json(tag_of(*current)) : Json();
    body["changed_by"] = *last ? Json((*last)->who) : Json();
    body["changed_at"] = *last ? Json(to_rfc3339((*last)->at)) : Json();
    response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    return response;
}

std::optional<Response> changed_since_seen(const Services& services, const Access& access, const Call& call,
                                           const std::optional<std::string>& current) {
    const std::string seen = call.request.header("if-match");
    if (!seen.empty() && !(current && (seen == "*" || names(seen, tag_of(*current)))))
        return changed_meanwhile(services, access, call, current, current ? "this was changed" : "this was deleted");
    if (call.request.header("if-none-match") == "*" && current)
        return changed_meanwhile(services, access, call, current, "this name is taken: it was made");
    return std::nullopt;
}

std::string action_of(const Call& call, bool existed, bool exists) {
    if (call.request.method == "PUT")
        return existed ? "change" : "create";
    if (call.request.method == "DELETE")
        return exists ? "change" : "delete"; // of something that the object has
    return call.request.segments.empty() ? "post" : call.request.segments.back();
}

bool has_owner(Subject subject) {
    return subject == Subject::capsule || subject == Subject::playlist || subject == Subject::schedule;
}

bool is_of_fleet(Subject subject) {
    return subject == Subject::site || subject == Subject::site_file || subject == Subject::screen || subject == Subject::device || subject == Subject::enrolment;
}

Change change_by(const Access& access, const Call& call) {
    Change change;
    change.who = call.person->login;
    change.by = call.person->by;
    change.subject = to_string(access.subject);
    change.id = subject_id(access.subject, call);
    change.note = call.note;
    return change;
}

// Tries the change whole and takes it back; what would have worked is kept as a proposal.
Response propose(const Services& services, const Route& route, Call& call) {
    const Access& access = *route.access;
    Proposal proposal;
    {
        auto transaction = sqlite::Transaction::begin(call.database);
        if (!transaction)
            return error_response(transaction.error());
        if (auto refusal = outside_reach(services, access, call))
            return std::move(*refusal);
        const auto before = subject_now(access.subject, services, call);
        if (!before)
            return error_response(before.error());
        if (auto refusal = changed_since_seen(services, access, call, *before))
            return std::move(*refusal);
        Response response = route.handler(call);
        if (response.status / 100 != 2)
            return response;
        proposal.before = *before;
    }
    if (auto refreshed = services.refresh_redirects(call.database); !refreshed) // the handler may have shown what was taken back
        return error_response(refreshed.error());
    proposal.who = call.person->login;
    proposal.territory = call.person->reach();
    proposal.method = call.request.method;
    proposal.path = call.request.raw_path;
    proposal.body = call.request.body;
    proposal.subject = to_string(access.subject);
    proposal.id = subject_id(access.subject, call);
    auto transaction = sqlite::Transaction::begin(call.database);
    if (!transaction)
        return error_response(transaction.error());
    const auto number = services.proposals.add(call.database, proposal);
    if (!number)
        return error_response(number.error());
    Change change = change_by(access, call);
    change.action = "propose";
    change.subject = to_string(Subject::proposal);
    change.id = std::to_string(*number);
    change.after = call.request.method == "PUT" ? call.request.body : std::string("null");
    change.note = proposal.subject + " " + proposal.id;
    if (auto written = services.changes.append(call.database, std::move(change)); !written)
        return error_response(written.error());
    if (auto committed = transaction->commit(); !committed)
        return error_response(committed.error());
    return json_response(Json{{"proposal", *number}, {"state", "waiting"}, {"id", proposal.id}}.dump(), 202);
}

Response carry_out_whole(const Services& services, const Route& route, Call& call) {
    const Access& access = *route.access;
    auto transaction = sqlite::Transaction::begin(call.database);
    if (!transaction)
        return error_response(transaction.error());
    if (auto refusal = outside_reach(services, access, call))
        return std::move(*refusal);
    const auto before = subject_now(access.subject, services, call);
    if (!before)
        return error_response(before.error());
    if (auto refusal = changed_since_seen(services, access, call, *before))
        return std::move(*refusal);

    Response response = route.handler(call);
    if (response.status / 100 != 2)
        return response;

    const auto after = subject_now(access.subject, services, call);
    if (!after)
        return error_response(after.error());
    if (has_owner(access.subject) && !*before && *after)
        if (auto noted = note_owner(call.database, to_string(access.subject), subject_id(access.subject, call),
                                    call.owner.value_or(call.person->reach()));
            !noted)
            return error_response(noted.error());
    Change change = change_by(access, call);
    change.action = action_of(call, before->has_value(), after->has_value());
    change.before = *before;
    change.after = *after;
    if (access.subject == Subject::enrolment)
        change.after = response.body;
    if (call.logged) {
        change.before.reset();
        change.after = call.logged;
    }
    if (change.before || change.after)
        if (auto written = services.changes.append(call.database, std::move(change)); !written)
            return error_response(written.error());
    if (auto committed = transaction->commit(); !committed)
        return error_response(committed.error());
    if (is_of_fleet(access.subject))
        if (auto settled = services.fleet.write_document(call.database); !settled)
            return error_response(settled.error());
    if (*after)
        response.set("ETag", tag_of(**after));
    return response;
}

} // namespace

std::string tag_of(const std::string& text) {
    return "\"" + sha256(text).hex().substr(0, 32) + "\"";
}

std::optional<Response> outside_reach(const Services& services, const Access& access, const Call& call) {
    const Scope scope = access.scope(call.person->role);
    if (scope == Scope::own || scope == Scope::all)
        return std::nullopt;
    const auto inside = subject_lies_in(access.subject, services, call, call.person->reach());
    if (!inside)
        return error_response(inside.error());
    if (*inside)
        return std::nullopt;
    return problem(403, scope == Scope::site ? "this is not your site's"
                                             : "this reaches beyond your territory: ask somebody who coordinates the whole");
}

Bookkeeping bookkeeping(Subject subject) {
    switch (subject) {
    case Subject::none:
    case Subject::bytes:
        return Bookkeeping::none;
    case Subject::programme:
    case Subject::restoration:
    case Subject::keys:
        return Bookkeeping::afterwards;
    case Subject::account:
        return Bookkeeping::handler;
    default:
        return Bookkeeping::whole;
    }
}

Result<void> note_unlogged_publication(const Services& services, sqlite::Database& database) {
    const std::int64_t number = services.release.next_number(DocumentKind::programme) - 1;
    if (number < 1)
        return {};
    CAPSULE_TRY(last, services.changes.last_of(database, to_string(Subject::programme), {}));
    if (last && last->after) {
        const Json after = Json::parse(*last->after, nullptr, false);
        if (after.is_object() && after.value("number", Json()) == Json(number))
            return {};
    }
    Change change;
    change.by = "start";
    change.action = "publish";
    change.subject = to_string(Subject::programme);
    change.after = Json{{"number", number}}.dump();
    change.note = "found in force at start";
    return services.changes.append(database, std::move(change));
}

Response carry_out(const Services& services, const Route& route, Call& call) {
    const Access& access = *route.access;
    const Bookkeeping how = bookkeeping(access.subject);
    if (access.scope(call.person->role) == Scope::proposal)
        return propose(services, route, call);
    if (how == Bookkeeping::whole)
        return carry_out_whole(services, route, call);
    if (auto refusal = outside_reach(services, access, call))
        return std::move(*refusal);
    Response response = route.handler(call);
    if (how != Bookkeeping::afterwards || response.status / 100 != 2)
        return response;
    Change change = change_by(access, call);
    change.action = action_of(call, true, true);
    change.after = response.body;
    if (auto written = services.changes.append(call.database, std::move(change)); !written)
        return error_response(in_context("it is done, but it is not in the log of changes", written.error()));
    return response;
}

} // namespace capsule::server
