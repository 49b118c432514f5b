// Looking at what would go out, letting it go out, and going back.
#include "playlists/server/api/api.hpp"
#include "playlists/server/api/errors.hpp"
#include "playlists/server/catalogue/changes.hpp"
#include "playlists/server/catalogue/draft.hpp"
#include "playlists/server/catalogue/publications.hpp"
#include "playlists/server/catalogue/warnings.hpp"
#include "playlists/server/fleet/site_warnings.hpp"

#include "content/base/log.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr std::size_t most_named_screens = 200; // the count is always told

const char* name_of(DraftChange::Subject subject) {
    switch (subject) {
    case DraftChange::Subject::playlist:
        return "playlist";
    case DraftChange::Subject::capsule:
        return "capsule";
    case DraftChange::Subject::schedule:
        return "schedule";
    case DraftChange::Subject::directory:
        return "directory";
    case DraftChange::Subject::school_holidays:
        break;
    }
    return "school_holidays";
}

const char* name_of(DraftChange::Kind kind) {
    switch (kind) {
    case DraftChange::Kind::added:
        return "added";
    case DraftChange::Kind::removed:
        return "removed";
    case DraftChange::Kind::changed:
        break;
    }
    return "changed";
}

const char* name_of(PublishingWarning::Kind kind) {
    switch (kind) {
    case PublishingWarning::Kind::qr_illegible:
        return "qr_illegible";
    case PublishingWarning::Kind::caption_language:
        return "caption_language";
    case PublishingWarning::Kind::disk_small:
        return "disk_small";
    case PublishingWarning::Kind::loop_short:
        return "loop_short";
    case PublishingWarning::Kind::card_no_places:
        return "card_no_places";
    case PublishingWarning::Kind::card_no_position:
        break;
    }
    return "card_no_position";
}

void add_screens(Json& object, const std::set<ScreenId>& screens, const Fleet& fleet) {
    Json names = Json::array();
    for (const ScreenId& id : screens) {
        if (names.size() == most_named_screens)
            break;
        names.push_back(id.text());
    }
    object["screens"] = std::move(names);
    object["screen_count"] = screens.size();
    object["everywhere"] = !screens.empty() && screens.size() == fleet.screens.size();
}

// A capsule by name, with its French title while it is known.
Json named(const CapsuleId& id, const Programme& before, const Programme& after) {
    for (const Programme* programme : {&after, &before})
        if (const auto found = programme->capsules.find(id); found != programme->capsules.end())
            if (const auto title = found->second.title.find("fr"); title != found->second.title.end())
                return {{"id", id.text()}, {"title", title->second}};
    return {{"id", id.text()}, {"title", id.text()}};
}

Json to_json(const std::vector<DraftChange>& changes, const Programme& before, const Programme& after, const Fleet& fleet) {
    Json list = Json::array();
    for (const DraftChange& change : changes) {
        Json one{{"subject", name_of(change.subject)}, {"kind", name_of(change.kind)}, {"id", change.id}, {"title", change.title}};
        Json added = Json::array(), removed = Json::array(), weights = Json::array();
        for (const CapsuleId& id : change.added)
            added.push_back(named(id, before, after));
        for (const CapsuleId& id : change.removed)
            removed.push_back(named(id, before, after));
        for (const DraftChange::Weight& weight : change.weights) {
            Json entry = named(weight.capsule, before, after);
            entry["before"] = weight.before;
            entry["after"] = weight.after;
            weights.push_back(std::move(entry));
        }
        one["added"] = std::move(added);
        one["removed"] = std::move(removed);
        one["weights"] = std::move(weights);
        one["order"] = change.order;
        one["rules"] = change.rules;
        one["parts"] = change.parts;
        add_screens(one, change.screens, fleet);
        list.push_back(std::move(one));
    }
    return list;
}

Json to_json(const std::vector<PublishingWarning>& warnings, const Programme& before, const Programme& after, const Fleet& fleet) {
    Json list = Json::array();
    for (const PublishingWarning& warning : warnings) {
        Json one{{"kind", name_of(warning.kind)}, {"needed", warning.needed}, {"given", warning.given}, {"language", warning.language}};
        if (!warning.capsule.empty())
            one["capsule"] = named(CapsuleId::parse(warning.capsule).value_or(CapsuleId{}), before, after);
        if (!warning.playlist.empty()) {
            const auto playlist = after.playlists.find(PlaylistId::parse(warning.playlist).value_or(PlaylistId{}));
            const bool titled = playlist != after.playlists.end() && !playlist->second.title.empty();
            one["playlist"] = {{"id", warning.playlist}, {"title", titled ? playlist->second.title : warning.playlist}};
        }
        add_screens(one, warning.screens, fleet);
        list.push_back(std::move(one));
    }
    return list;
}

struct Review {
    Programme before;
    Release after;
    std::vector<DraftChange> changes;
};

Result<Review> review_of(const Services& services, sqlite::Database& database) {
    Review review;
    CAPSULE_TRY(before, services.publisher.in_force());
    CAPSULE_TRY(fleet, services.fleet.fleet(database));
    CAPSULE_TRY(now_text, services.publisher.now());
    CAPSULE_TRY(now, parse_now(now_text));
    CAPSULE_TRY(draft, compose_draft(database, now, services.clock.wall()));
    review.before = std::move(before);
    review.after = {std::move(draft), std::move(fleet), std::move(now)};
    review.changes = changes_between(review.before, review.after.programme, review.after.fleet);
    return review;
}

Result<std::vector<PublishingWarning>> warnings_of(const Services& services, sqlite::Database& database, const Review& review) {
    Surroundings surroundings;
    surroundings.public_url = services.public_url;
    CAPSULE_TRY(free, services.fleet.free_bytes(database));
    CAPSULE_TRY(waiting, services.fleet.waiting_times(database));
    surroundings.free_bytes = std::move(free);
    surroundings.waiting = std::move(waiting);
    return publishing_warnings(review.before, review.after, surroundings);
}

Result<std::string> look(const Services& services, sqlite::Database& database) {
    CAPSULE_TRY(review, review_of(services, database));
    CAPSULE_TRY(warnings, warnings_of(services, database, review));
    const Programme& after = review.after.programme;
    const Fleet& fleet = review.after.fleet;
    CAPSULE_TRY(findings, services.publisher.findings(database, after, fleet));
    return Json{{"number", review.before.number},
                {"published_at", review.before.number > 0 ? Json(to_rfc3339(review.before.published_at)) : Json()},
                {"changes", to_json(review.changes, review.before, after, fleet)},
                {"problems", findings.problems},
                {"warnings", to_json(warnings, review.before, after, fleet)},
                {"grid_warnings", findings.warnings},
                {"site_warnings", site_warnings(fleet)}}
        .dump();
}

// With a row of the log of changes for each record.
Result<void> restore(const Services& services, const Call& call, std::int64_t number) {
    CAPSULE_TRY(restored, restore_draft(call.database, number, services.clock.wall()));
    for (RestoredRecord& record : restored) {
        Change change;
        change.who = call.person->login;
        change.by = call.person->by;
        change.action = "restore";
        change.subject = record.kind == "school holidays" ? to_string(Subject::school_holidays) : record.kind;
        change.id = record.id;
        change.before = std::move(record.before);
        change.after = std::move(record.after);
        change.note = "as of publication " + std::to_string(number);
        CAPSULE_CHECK(services.changes.append(call.database, std::move(change)));
    }
    return {};
}

// In one transaction with what restores the draft, so that the draft changes only when it goes out.
Result<Response> go_out(const Services& services, Call& call, std::optional<std::int64_t> restores) {
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(call.database));
    if (restores)
        CAPSULE_CHECK(restore(services, call, *restores));
    CAPSULE_TRY(review, review_of(services, call.database));
    CAPSULE_TRY(doubts, warnings_of(services, call.database, review));
    CAPSULE_TRY(publication, services.publisher.publish(call.database, review.after.fleet));
    if (!publication.problems.empty())
        return problem_with(422,
                            "the programme cannot be published yet: " + publication.problems.front() +
                                (publication.problems.size() > 1 ? " (and more)" : ""),
                            "problems", publication.problems);
    if (publication.changed) {
        const auto changes = to_json(review.changes, review.before, review.after.programme, review.after.fleet);
        CAPSULE_CHECK(keep_publication(call.database, {publication.number, services.clock.wall(), call.person->login, restores, changes.dump()}));
    }
    CAPSULE_CHECK(transaction.commit());
    CAPSULE_CHECK(services.refresh_redirects(call.database));
    Json answer = {{"number", publication.number}, {"changed", publication.changed}};
    auto warnings = site_warnings(review.after.fleet);
    warnings.insert(warnings.end(), publication.warnings.begin(), publication.warnings.end());
    for (const PublishingWarning& doubt : doubts)
        warnings.push_back(in_words(doubt));
    if (!warnings.empty())
        answer["warnings"] = warnings;
    return json_response(answer.dump());
}

Response publish(const Services& services, Call& call, std::optional<std::int64_t> restores) {
    if (restores)
        call.note = "as of publication " + std::to_string(*restores);
    auto done = go_out(services, call, restores);
    return done ? std::move(*done) : error_response(done.error());
}

} // namespace

void add_publishing_routes(RouteTable& table, const Services& services) {
    table.add({"GET", "/api/v1/publish", Admission::Body::none, 0,
               [&services](Call& call) { return json_or_error(look(services, call.database)); }});
    table.add({"POST", "/api/v1/publish", Admission::Body::memory, 1u << 20,
               [&services](Call& call) { return publish(services, call, std::nullopt); }});
    table.add({"GET", "/api/v1/publications", Admission::Body::none, 0,
               [](Call& call) { return json_or_error(list_publications(call.database)); }});
    table.add({"POST", "/api/v1/publications/{number}/restore", Admission::Body::memory, 4096,
               [&services](Call& call) { return publish(services, call, std::stoll(call.parameters.at("number"))); }});
}

} // namespace capsule::server
