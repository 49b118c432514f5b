#include "playlists/server/api/subject.hpp"

#include "content/lib/json/strict.hpp"
#include "playlists/model/now.hpp"
#include "playlists/server/api/route_table.hpp"
#include "playlists/server/api/services.hpp"
#include "playlists/server/catalogue/notices.hpp"
#include "playlists/server/catalogue/publications.hpp"
#include "playlists/server/people/ownership.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

// The parts of a request and of the database that the rules below look at.
struct Look {
    const Services& services;
    const Call& call;
    const Territory& reach;
    Fleet fleet;
    Json body; // null: none, or not readable

    std::string text(const char* key) const {
        const auto found = body.is_object() ? body.find(key) : body.end();
        return body.is_object() && found != body.end() && found->is_string() ? found->get<std::string>() : std::string{};
    }
    // What is not there lies nowhere, so it is outside: nobody learns by asking which ids exist elsewhere.
    bool site(const std::string& id) const {
        const auto parsed = SiteId::parse(id);
        const auto found = parsed ? fleet.sites.find(*parsed) : fleet.sites.end();
        return found != fleet.sites.end() && reach.covers(found->second);
    }
    const Screen* screen(const std::string& id) const {
        const auto parsed = ScreenId::parse(id);
        const auto found = parsed ? fleet.screens.find(*parsed) : fleet.screens.end();
        return found == fleet.screens.end() ? nullptr : &found->second;
    }
    bool changes() const { return call.request.method != "GET" && call.request.method != "HEAD"; }
    bool is_put() const { return call.request.method == "PUT"; }
};

Result<bool> owned(Subject subject, const Look& look, const std::string& id) {
    CAPSULE_TRY(current, subject_now(subject, look.services, look.call));
    if (!current && look.is_put()) {
        // New: it will be the caller's, unless the id belonged to somebody before.
        CAPSULE_TRY(known, has_owner(look.call.database, to_string(subject), id));
        if (!known)
            return true;
    }
    CAPSULE_TRY(owner, owner_of(look.call.database, to_string(subject), id));
    return look.reach.covers(owner);
}

bool covers_where(const Look& look, const std::string& id, Json record) {
    if (!record.is_object())
        return true; // the handler tells
    record["id"] = id;
    const auto schedule = schedule_from_json(record);
    return !schedule || look.reach.covers(schedule->where, look.fleet);
}

Result<bool> schedule_lies_in(const Look& look, const std::string& id) {
    CAPSULE_TRY(mine, owned(Subject::schedule, look, id));
    if (!mine)
        return false;
    CAPSULE_TRY(current, subject_now(Subject::schedule, look.services, look.call));
    return (!current || covers_where(look, id, Json::parse(*current, nullptr, false))) &&
           (!look.is_put() || covers_where(look, id, look.body));
}

// Nothing changes hands by going back: what that changes lies in reach, before and after.
Result<bool> restoration_lies_in(const Look& look, std::int64_t number) {
    const auto changes = changes_of_restoring(look.call.database, number);
    if (!changes && changes.error().category == Category::missing)
        return true; // everybody may read the list of publications; the handler tells
    if (!changes)
        return changes.error();
    for (const RestoredRecord& change : *changes) {
        if (change.kind != "capsule" && change.kind != "playlist" && change.kind != "schedule")
            return false; // everybody's
        CAPSULE_TRY(owner, owner_of(look.call.database, change.kind, change.id));
        if (!look.reach.covers(owner))
            return false;
        if (change.kind == "schedule")
            for (const auto& record : {change.before, change.after})
                if (record && !covers_where(look, change.id, Json::parse(*record, nullptr, false)))
                    return false;
    }
    return true;
}

Result<bool> site_lies_in(const Look& look, const std::string& id) {
    const auto parsed = SiteId::parse(id);
    const bool exists = parsed && look.fleet.sites.contains(*parsed);
    if (!look.is_put())
        return look.site(id);
    if (exists && !look.site(id))
        return false;
    const auto wanted = site_from_json(parsed.value_or(SiteId{}), look.body);
    return !wanted || look.reach.covers(*wanted);
}

bool screen_lies_in(const Look& look, const std::string& id) {
    const Screen* screen = look.screen(id);
    if (screen && !look.site(screen->site.text()))
        return false;
    return look.is_put() ? look.site(look.text("site")) : screen != nullptr;
}

// All that the request names. Of a list that is none the handler tells.
bool screens_lie_in(const Look& look) {
    const auto named = look.body.is_object() ? look.body.find("screens") : look.body.end();
    if (!look.body.is_object() || named == look.body.end() || !named->is_array())
        return true;
    return std::all_of(named->begin(), named->end(), [&](const Json& name) {
        const Screen* screen = name.is_string() ? look.screen(name.get<std::string>()) : nullptr;
        return screen && look.site(screen->site.text());
    });
}

// Only what the request adds, changes or takes away has to lie there.
Result<bool> now_lies_in(const Look& look) {
    if (!look.body.is_object())
        return true;
    Json wanted_json = look.body;
    wanted_json["format"] = 1;
    wanted_json["requires"] = Json::array();
    wanted_json["number"] = 1;
    const auto wanted = parse_now(wanted_json.dump());
    if (!wanted)
        return true;
    CAPSULE_TRY(text, look.services.publisher.now());
    CAPSULE_TRY(current, parse_now(text));
    if (wanted->withdrawn != current.withdrawn)
        return false; // a withdrawal holds on every screen
    const auto unchanged = [](const Message& message, const std::vector<Message>& others) {
        return std::find(others.begin(), others.end(), message) != others.end();
    };
    const auto covered = [&](const Message& message) { return look.reach.covers(message.where, look.fleet); };
    return std::all_of(wanted->messages.begin(), wanted->messages.end(),
                       [&](const Message& message) { return unchanged(message, current.messages) || covered(message); }) &&
           std::all_of(current.messages.begin(), current.messages.end(),
                       [&](const Message& message) { return unchanged(message, wanted->messages) || covered(message); });
}

std::optional<RecordKind> record_kind(Subject subject) {
    switch (subject) {
    case Subject::capsule:
        return RecordKind::capsule;
    case Subject::playlist:
        return RecordKind::playlist;
    case Subject::schedule:
        return RecordKind::schedule;
    default:
        return std::nullopt;
    }
}

// 0, which no proposal has, for what is no number.
std::int64_t number_of(const std::string& id) {
    std::int64_t number = 0;
    (void)std::from_chars(id.data(), id.data() + id.size(), number);
    return number;
}

Result<std::optional<Notice>> notice_of(const Services& services, const Call& call, const std::string& id) {
    CAPSULE_TRY(fleet, services.fleet.fleet(call.database));
    CAPSULE_TRY(all, notices(services.publisher, fleet, services.clock.wall()));
    const auto found = std::find_if(all.begin(), all.end(), [&](const Notice& notice) { return notice.id == id; });
    return found == all.end() ? std::optional<Notice>{} : std::optional(std::move(*found));
}

Result<std::optional<std::string>> if_there(Result<std::string> text) {
    if (!text && text.error().category == Category::missing)
        return std::optional<std::string>{};
    if (!text)
        return text.error();
    return std::optional(std::move(*text));
}

} // namespace

const char* to_string(Subject subject) {
    switch (subject) {
    case Subject::none:
        return "";
    case Subject::bytes:
        return "bytes";
    case Subject::programme:
        return "programme";
    case Subject::restoration:
        return "programme";
    case Subject::capsule:
        return "capsule";
    case Subject::playlist:
        return "playlist";
    case Subject::schedule:
        return "schedule";
    case Subject::directory:
        return "directory";
    case Subject::school_holidays:
        return "school_holidays";
    case Subject::now:
        return "now";
    case Subject::notice:
        return "notice";
    case Subject::notices:
        return "notices";
    case Subject::site:
    case Subject::site_file:
        return "site";
    case Subject::screen:
        return "screen";
    case Subject::device:
        return "device";
    case Subject::enrolment:
        return "enrolment";
    case Subject::enrolment_tokens:
        return "enrolment tokens";
    case Subject::keys:
        return "keys";
    case Subject::account:
        return "account";
    case Subject::person:
        return "person";
    case Subject::invitation:
        return "invitation";
    case Subject::proposal:
        return "proposal";
    case Subject::proposals:
        break;
    }
    return "proposals";
}

std::string subject_id(Subject, const Call& call) {
    if (!call.made.empty())
        return call.made;
    for (const char* name : {"id", "device", "login", "number"})
        if (const auto found = call.parameters.find(name); found != call.parameters.end())
            return found->second;
    return {};
}

Result<std::optional<std::string>> subject_now(Subject subject, const Services& services, const Call& call) {
    const std::string id = subject_id(subject, call);
    if (const auto kind = record_kind(subject))
        return if_there(services.catalogue.get(call.database, *kind, id));
    switch (subject) {
    case Subject::directory:
        return if_there(services.catalogue.directory(call.database));
    case Subject::school_holidays:
        return if_there(services.catalogue.school_holidays(call.database));
    case Subject::now:
        return if_there(services.publisher.now());
    case Subject::notice: {
        CAPSULE_TRY(notice, notice_of(services, call, id));
        return notice ? std::optional(Json{{"site", notice->site}, {"text", notice->text}, {"last_day", notice->last_day}}.dump())
                      : std::optional<std::string>{};
    }
    case Subject::site:
        return if_there(services.fleet.site(call.database, id));
    case Subject::screen:
        return if_there(services.fleet.screen(call.database, id));
    case Subject::device: {
        const auto device = services.fleet.device(call.database, id);
        if (!device)
            return if_there(device.error());
        return std::optional(Json{{"screen", device->screen}, {"revoked", device->revoked}}.dump());
    }
    case Subject::person:
        return if_there(services.accounts.image(call.database, id));
    case Subject::invitation:
        return if_there(services.accounts.invitation(call.database, id));
    case Subject::proposal: {
        const auto proposal = services.proposals.get(call.database, number_of(id));
        if (!proposal)
            return if_there(proposal.error());
        return std::optional(to_json_text(*proposal));
    }
    default:
        return std::optional<std::string>{};
    }
}

Result<bool> subject_lies_in(Subject subject, const Services& services, const Call& call, const Territory& reach) {
    if (reach.everywhere)
        return true;
    CAPSULE_TRY(fleet, services.fleet.fleet(call.database));
    auto body = json::parse_strict(call.request.body, {.bytes = 1u << 20, .floats = false});
    const Look look{services, call, reach, std::move(fleet), body ? std::move(*body) : Json()};
    const std::string id = subject_id(subject, call);
    switch (subject) {
    case Subject::capsule:
    case Subject::playlist:
        return owned(subject, look, id);
    case Subject::schedule:
        return schedule_lies_in(look, id);
    case Subject::restoration:
        return restoration_lies_in(look, number_of(id));
    case Subject::notice: {
        if (id.empty())
            return look.site(look.text("site"));
        CAPSULE_TRY(notice, notice_of(services, call, id));
        return notice && look.site(notice->site);
    }
    case Subject::site:
        return site_lies_in(look, id);
    case Subject::screen:
        return screen_lies_in(look, id);
    case Subject::now:
        return now_lies_in(look);
    case Subject::enrolment: {
        const std::string named = look.text("screen");
        const Screen* screen = look.screen(named);
        return named.empty() ? look.site(look.text("site")) : screen && look.site(screen->site.text());
    }
    case Subject::enrolment_tokens:
        return screens_lie_in(look);
    case Subject::proposal: {
        const auto proposal = services.proposals.get(call.database, number_of(id));
        return proposal && reach.covers(proposal->territory);
    }
    case Subject::notices:
    case Subject::site_file:
    case Subject::proposals:
        return true;
    default:
        break;
    }
    return false;
}

} // namespace capsule::server
