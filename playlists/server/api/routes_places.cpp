// What a place does for itself: its notices; what one screen did; many places at once.
#include "playlists/server/api/api.hpp"
#include "playlists/server/api/errors.hpp"
#include "playlists/server/catalogue/notices.hpp"
#include "playlists/server/fleet/site_import.hpp"
#include "playlists/server/ledger/screen_log.hpp"

#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

#include <set>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t most_notice = 4096;
constexpr std::uint64_t most_import = 40u << 20; // 16 MiB of file, as JSON text

std::string text_of(const Json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Json to_json(const Notice& notice) {
    return {{"id", notice.id}, {"site", notice.site}, {"text", notice.text}, {"last_day", notice.last_day}};
}

Result<std::string> list_notices(const Services& services, const Call& call) {
    CAPSULE_TRY(fleet, services.fleet.fleet(call.database));
    CAPSULE_TRY(all, notices(services.publisher, fleet, services.clock.wall()));
    const Territory reach = call.person->reach();
    Json list = Json::array(), sites = Json::array();
    std::set<std::string> reached;
    for (const auto& [id, site] : fleet.sites)
        if (reach.covers(site)) {
            reached.insert(id.text());
            sites.push_back({{"id", id.text()}, {"name", site.name}});
        }
    for (const Notice& notice : all)
        if (reached.contains(notice.site))
            list.push_back(to_json(notice));
    return Json{{"notices", std::move(list)}, {"sites", std::move(sites)}}.dump();
}

Result<std::string> add_notice(const Services& services, Call& call) {
    CAPSULE_TRY(body, json::parse_strict(call.request.body, {.bytes = most_notice, .floats = false}));
    CAPSULE_TRY(fleet, services.fleet.fleet(call.database));
    CAPSULE_TRY(notice, put_up(services.publisher, fleet, {{}, text_of(body, "site"), text_of(body, "text"), text_of(body, "last_day")},
                               services.clock.wall()));
    call.made = notice.id;
    return to_json(notice).dump();
}

const char* name_of(ImportedSite::Outcome outcome) {
    switch (outcome) {
    case ImportedSite::Outcome::added:
        return "added";
    case ImportedSite::Outcome::changed:
        return "changed";
    case ImportedSite::Outcome::same:
        return "same";
    case ImportedSite::Outcome::refused:
        break;
    }
    return "refused";
}

// A row of the log of changes for each site.
Result<void> note(const Services& services, const Call& call, const std::vector<ImportedSite>& imported, const std::string& file) {
    for (const ImportedSite& site : imported) {
        if (!site.after)
            continue;
        Change change;
        change.who = call.person->login;
        change.by = call.person->by;
        change.action = site.before ? "change" : "create";
        change.subject = to_string(Subject::site);
        change.id = site.id;
        change.before = site.before;
        change.after = site.after;
        change.note = "from " + file;
        CAPSULE_CHECK(services.changes.append(call.database, std::move(change)));
    }
    return {};
}

Result<std::string> import_file(const Services& services, const Call& call) {
    CAPSULE_TRY(body, json::parse_strict(call.request.body, {.bytes = most_import, .floats = false}));
    const std::string name = text_of(body, "name").empty() ? "the file" : text_of(body, "name");
    const bool keep = body.is_object() && body.contains("keep") && body["keep"] == Json(true);
    const Territory reach = call.person->reach();
    CAPSULE_TRY(imported, import_sites(call.database, services.fleet, text_of(body, "text"), name,
                                       [&](const Site& site) { return reach.covers(site); }, keep ? Import::keep : Import::try_out));
    if (keep)
        CAPSULE_CHECK(note(services, call, imported, name));
    Json rows = Json::array(), answer = {{"added", 0}, {"changed", 0}, {"same", 0}, {"refused", 0}};
    for (const ImportedSite& row : imported) {
        Json remarks = Json::array();
        for (const auto& remark : row.remarks)
            remarks.push_back({{"column", remark.column}, {"what", remark.what}});
        const char* outcome = name_of(row.outcome);
        answer[outcome] = answer[outcome].get<int>() + 1;
        rows.push_back({{"line", row.line}, {"id", row.id}, {"name", row.name}, {"outcome", outcome}, {"remarks", std::move(remarks)}});
    }
    answer["rows"] = std::move(rows);
    if (keep)
        CAPSULE_CHECK(services.refresh_redirects(call.database));
    return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Response created(Result<std::string> text) {
    return text ? json_response(std::move(*text), 201) : error_response(text.error());
}

} // namespace

void add_place_routes(RouteTable& table, const Services& services) {
    table.add({"GET", "/api/v1/notices", Admission::Body::none, 0,
               [&services](Call& call) { return json_or_error(list_notices(services, call)); }});
    table.add({"POST", "/api/v1/notices", Admission::Body::memory, most_notice,
               [&services](Call& call) { return created(add_notice(services, call)); }});
    table.add({"DELETE", "/api/v1/notices/{id}", Admission::Body::none, 0, [&services](Call& call) {
                   if (const auto gone = take_down(services.publisher, call.parameters.at("id")); !gone)
                       return error_response(gone.error());
                   Response response;
                   response.status = 204;
                   return response;
               }});
    table.add({"POST", "/api/v1/sites/import", Admission::Body::memory, most_import,
               [&services](Call& call) { return json_or_error(import_file(services, call)); }});
    table.add({"GET", "/api/v1/screens/{id}/log", Admission::Body::none, 0, [&services](Call& call) {
                   return json_or_error(screen_log(call.database, call.parameters.at("id"), services.clock.wall()));
               }});
}

} // namespace capsule::server
