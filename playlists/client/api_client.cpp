#include "playlists/client/api_client.hpp"

#include "content/lib/json/member.hpp"
#include "playlists/client/problem.hpp"

#include <nlohmann/json.hpp>

namespace capsule::client {

namespace {

using Json = nlohmann::json;
using json::text_in;

std::optional<std::int64_t> optional_number(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number_integer() ? std::optional(found->get<std::int64_t>()) : std::nullopt;
}
std::int64_t number(const Json& object, const char* key) {
    return optional_number(object, key).value_or(0);
}

ReportRow report_row(const Json& object) {
    return {text_in(object, "key"),
            text_in(object, "label"),
            number(object, "showings"),
            number(object, "complete"),
            number(object, "shown_ms"),
            number(object, "frames_due"),
            number(object, "frames_shown"),
            optional_number(object, "scans"),
            number(object, "panel_off")};
}

Error not_as_agreed(const std::string& what) {
    return {Category::invalid, what + ": the answer is not what the server's API says; do client and server fit?"};
}

std::string without_slash(std::string address) {
    while (address.ends_with('/'))
        address.pop_back();
    return address;
}

} // namespace

ApiClient::ApiClient(std::string address, std::string token, http::Settings settings)
    : m_address(without_slash(std::move(address))), m_token(std::move(token)), m_session(std::move(settings)) {}

Result<Json> ApiClient::call(const std::string& method, const std::string& path, const Json* body, const std::string& what) {
    http::Request request;
    request.method = method;
    request.url = m_address + path;
    request.compressed = true;
    request.headers.emplace_back("Accept", "application/json, application/problem+json");
    if (!m_token.empty())
        request.headers.emplace_back("Authorization", "Bearer " + m_token);
    if (body) {
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = body->dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    CAPSULE_TRY(response, m_session.perform(request));
    return json_or_problem(response, what, Asker::person);
}

Result<void> ApiClient::create_first_account(const std::string& secret, const std::string& login, const std::string& password) {
    const Json body = {{"secret", secret}, {"login", login}, {"password", password}};
    CAPSULE_TRY(answer, call("POST", "/api/v1/accounts/first", &body, "creating the first account"));
    (void)answer;
    return {};
}

Result<SignedIn> ApiClient::sign_in(const std::string& login, const std::string& password, const std::string& code) {
    Json body = {{"login", login}, {"password", password}, {"kind", "token"}};
    if (!code.empty())
        body["code"] = code;
    http::Request request;
    request.method = "POST";
    request.url = m_address + "/api/v1/sessions";
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = body.dump();
    CAPSULE_TRY(response, m_session.perform(request));
    const std::string what = "signing in as " + login + " at " + m_address;
    if (response.status == 401) {
        const Json told = Json::parse(response.body, nullptr, false);
        if (told.is_object() && told.value("second_factor", Json(false)) == Json(true))
            return Error{Category::refused, what + (code.empty() ? ": this account has a second factor: run it again with --code"
                                                                 : ": the code is wrong, or was used already: wait for the next")};
        return Error{Category::refused, what + ": login or password is wrong"};
    }
    CAPSULE_TRY(answer, json_or_problem(response, what, Asker::person));
    SignedIn signed_in{text_in(answer, "login"), text_in(answer, "role"), text_in(answer, "token"), text_in(answer, "expires_at")};
    if (signed_in.token.empty())
        return not_as_agreed(what);
    m_token = signed_in.token;
    return signed_in;
}

Result<bool> ApiClient::has_blob(const Digest& sha256) {
    http::Request request;
    request.method = "HEAD";
    request.url = m_address + "/blobs/" + sha256.hex();
    CAPSULE_TRY(response, m_session.perform(request));
    if (response.status == 200)
        return true;
    if (response.status == 404)
        return false;
    return problem(response, "asking for the file " + sha256.hex(), Asker::person);
}

Result<void> ApiClient::put_blob(const Digest& sha256, http::Source& bytes) {
    http::Request request;
    request.method = "PUT";
    request.url = m_address + "/api/v1/blobs/" + sha256.hex();
    request.headers.emplace_back("Authorization", "Bearer " + m_token);
    request.headers.emplace_back("Content-Type", "application/octet-stream");
    request.upload = &bytes;
    CAPSULE_TRY(response, m_session.perform(request));
    if (response.status != 200 && response.status != 201)
        return problem(response, "sending the file " + sha256.hex(), Asker::person);
    return {};
}

Result<std::string> ApiClient::put_capsule(const CapsuleId& id, const Json& record) {
    CAPSULE_TRY(answer, call("PUT", "/api/v1/capsules/" + id.text(), &record, "capsule " + id.text()));
    return text_in(answer, "code");
}

Result<void> ApiClient::put_playlist(const Playlist& playlist) {
    const Json body = to_json(playlist);
    CAPSULE_TRY(answer, call("PUT", "/api/v1/playlists/" + playlist.id.text(), &body, "playlist " + playlist.id.text()));
    (void)answer;
    return {};
}

Result<void> ApiClient::put_schedule(const Schedule& schedule) {
    const Json body = to_json(schedule);
    CAPSULE_TRY(answer, call("PUT", "/api/v1/schedules/" + schedule.id.text(), &body, "schedule " + schedule.id.text()));
    (void)answer;
    return {};
}

Result<void> ApiClient::put_directory(const std::map<std::string, std::string>& templates) {
    const Json body = {{"templates", templates}};
    CAPSULE_TRY(answer, call("PUT", "/api/v1/directory", &body, "the directory's addresses"));
    (void)answer;
    return {};
}

Result<void> ApiClient::put_places(const std::string& places) {
    http::Request request;
    request.method = "PUT";
    request.url = m_address + "/api/v1/directory/places";
    request.headers.emplace_back("Authorization", "Bearer " + m_token);
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = places;
    CAPSULE_TRY(response, m_session.perform(request));
    if (response.status != 200)
        return problem(response, "sending the places", Asker::person);
    return {};
}

Result<void> ApiClient::put_school_holidays(const std::vector<SchoolHoliday>& holidays) {
    const Json body = {{"school_holidays", to_json(holidays)}};
    CAPSULE_TRY(answer, call("PUT", "/api/v1/school-holidays", &body, "the school holidays"));
    (void)answer;
    return {};
}

Result<std::vector<std::string>> ApiClient::ids(const std::string& list) {
    CAPSULE_TRY(answer, call("GET", "/api/v1/" + list, nullptr, "listing " + list));
    const auto found = answer.find(list);
    if (found == answer.end() || !found->is_object())
        return not_as_agreed("listing " + list);
    std::vector<std::string> ids;
    for (const auto& [id, record] : found->items())
        ids.push_back(id);
    return ids;
}

Result<std::vector<std::string>> ApiClient::capsule_ids() {
    return ids("capsules");
}
Result<std::vector<std::string>> ApiClient::playlist_ids() {
    return ids("playlists");
}
Result<std::vector<std::string>> ApiClient::site_ids() {
    return ids("sites");
}

Result<Published> ApiClient::publish() {
    http::Request request;
    request.method = "POST";
    request.url = m_address + "/api/v1/publish";
    request.headers.emplace_back("Authorization", "Bearer " + m_token);
    CAPSULE_TRY(response, m_session.perform(request));
    Published published;
    if (response.status == 422) {
        const Json body = Json::parse(response.body, nullptr, false);
        if (body.is_object() && body.contains("problems") && body["problems"].is_array())
            for (const auto& line : body["problems"])
                if (line.is_string())
                    published.problems.push_back(line.get<std::string>());
        if (!published.problems.empty())
            return published;
    }
    CAPSULE_TRY(answer, json_or_problem(response, "publishing", Asker::person));
    published.number = number(answer, "number");
    published.changed = answer.value("changed", Json(false)) == Json(true);
    if (const auto warnings = answer.find("warnings"); warnings != answer.end() && warnings->is_array())
        for (const auto& line : *warnings)
            if (line.is_string())
                published.warnings.push_back(line.get<std::string>());
    return published;
}

Result<void> ApiClient::put_site(const Site& site) {
    const Json body = to_json(site);
    CAPSULE_TRY(answer, call("PUT", "/api/v1/sites/" + site.id.text(), &body, "site " + site.id.text()));
    (void)answer;
    return {};
}

Result<void> ApiClient::put_screen(const Screen& screen) {
    Json body = to_json(screen);
    if (screen.code.empty())
        body.erase("code"); // the server gives it
    CAPSULE_TRY(answer, call("PUT", "/api/v1/screens/" + screen.id.text(), &body, "screen " + screen.id.text()));
    (void)answer;
    return {};
}

Result<std::vector<ScreenStatus>> ApiClient::screens() {
    CAPSULE_TRY(answer, call("GET", "/api/v1/screens", nullptr, "listing screens"));
    const auto found = answer.find("screens");
    if (found == answer.end() || !found->is_array())
        return not_as_agreed("listing screens");
    std::vector<ScreenStatus> screens;
    for (const auto& object : *found)
        if (object.is_object())
            screens.push_back({text_in(object, "id"), text_in(object, "name"), text_in(object, "code"), text_in(object, "site"),
                               text_in(object, "site_name"), text_in(object, "type"), text_in(object, "commune"), text_in(object, "ept"),
                               text_in(object, "device"), text_in(object, "state"), text_in(object, "last_seen"),
                               optional_number(object, "programme"), optional_number(object, "fleet"), text_in(object, "playing"),
                               text_in(object, "reason"), number(object, "showings_today")});
    return screens;
}

Result<void> ApiClient::put_device(const PublicKey& key, const ScreenId& screen) {
    const Json body = {{"public_key", key.hex()}, {"screen", screen.text()}};
    const std::string id = key.device_id();
    CAPSULE_TRY(answer, call("PUT", "/api/v1/devices/" + id, &body, "device " + id));
    (void)answer;
    return {};
}

Result<std::vector<DeviceStatus>> ApiClient::devices() {
    CAPSULE_TRY(answer, call("GET", "/api/v1/devices", nullptr, "listing devices"));
    const auto found = answer.find("devices");
    if (found == answer.end() || !found->is_array())
        return not_as_agreed("listing devices");
    std::vector<DeviceStatus> devices;
    for (const auto& object : *found)
        if (object.is_object())
            devices.push_back({text_in(object, "id"), text_in(object, "screen"), text_in(object, "since"), text_in(object, "public_key"),
                               !object.value("revoked", Json()).is_null()});
    return devices;
}

Result<Enrolled> ApiClient::enrol(const std::string& code, const std::variant<ScreenId, NewScreen>& screen, bool replace) {
    Json body = {{"code", code}, {"replace", replace}};
    if (const auto* known = std::get_if<ScreenId>(&screen)) {
        body["screen"] = known->text();
    } else {
        body["site"] = std::get<NewScreen>(screen).site;
        body["name"] = std::get<NewScreen>(screen).name;
    }
    CAPSULE_TRY(answer, call("POST", "/api/v1/enrolments/accept", &body, "enrolling"));
    return Enrolled{text_in(answer, "device"), text_in(answer, "screen")};
}

Result<std::vector<EnrolmentToken>> ApiClient::make_enrolment_tokens(const std::vector<ScreenId>& screens, Milliseconds valid_for) {
    Json body = {{"screens", Json::array()}, {"valid_for_ms", valid_for.count()}};
    for (const ScreenId& screen : screens)
        body["screens"].push_back(screen.text());
    CAPSULE_TRY(answer, call("POST", "/api/v1/enrolments/tokens", &body, "tokens of enrolment"));
    const auto list = answer.find("tokens");
    if (list == answer.end() || !list->is_array())
        return not_as_agreed("tokens of enrolment");
    std::vector<EnrolmentToken> tokens;
    for (const Json& entry : *list)
        tokens.push_back({text_in(entry, "screen"), text_in(entry, "token"), text_in(entry, "expires_at"), text_in(answer, "public_url")});
    return tokens;
}

Result<void> ApiClient::revoke_device(const std::string& device) {
    CAPSULE_TRY(answer, call("DELETE", "/api/v1/devices/" + http::percent_encoded(device), nullptr, "device " + device));
    (void)answer;
    return {};
}

Result<Report> ApiClient::report(const std::string& from, const std::string& to, const std::string& by) {
    CAPSULE_TRY(answer, call("GET",
                             "/api/v1/report?from=" + http::percent_encoded(from) + "&to=" + http::percent_encoded(to) +
                                 "&by=" + http::percent_encoded(by),
                             nullptr, "the report"));
    const auto rows = answer.find("rows"), total = answer.find("total"), bounded = answer.find("bounded");
    if (rows == answer.end() || !rows->is_array() || total == answer.end() || !total->is_object())
        return not_as_agreed("the report");
    Report report;
    report.from = text_in(answer, "from");
    report.to = text_in(answer, "to");
    report.by = text_in(answer, "by");
    report.generated_at = text_in(answer, "generated_at");
    for (const auto& row : *rows)
        if (row.is_object())
            report.rows.push_back(report_row(row));
    report.total = report_row(*total);
    if (bounded != answer.end() && bounded->is_object()) {
        report.bounded_showings = number(*bounded, "showings");
        report.bounded_shown_ms = number(*bounded, "shown_ms");
    }
    report.received_rows = number(answer, "received_rows");
    report.missing_rows = number(answer, "missing_rows");
    report.unknown_gaps = number(answer, "unknown_gaps");
    report.screens = number(answer, "screens");
    if (const auto opening = answer.find("opening"); opening != answer.end() && opening->is_object()) {
        report.open_ms = number(*opening, "open_ms");
        report.proven_ms = number(*opening, "proven_ms");
        report.off_ms = number(*opening, "off_ms");
        report.unknown_ms = number(*opening, "unknown_ms");
    }
    if (const auto corrections = answer.find("corrections"); corrections != answer.end() && corrections->is_object())
        report.corrections = number(*corrections, "count");
    report.forked_rows = number(answer, "forked_rows");
    report.refused = number(answer, "refused");
    report.dropped_rows = number(answer, "dropped_rows");
    report.json = answer.dump(2);
    return report;
}

Result<std::string> ApiClient::text_of(const std::string& path, const std::string& what) {
    http::Request request;
    request.url = m_address + path;
    request.headers.emplace_back("Authorization", "Bearer " + m_token);
    request.compressed = true;
    request.most_bytes = 256u << 20;
    CAPSULE_TRY(response, m_session.perform(request));
    if (response.status != 200)
        return problem(response, what, Asker::person);
    return std::move(response.body);
}

Result<std::string> ApiClient::ledger(const std::string& device, const std::string& screen) {
    return text_of("/api/v1/ledger?device=" + http::percent_encoded(device) + "&screen=" + http::percent_encoded(screen),
                   "the ledger");
}

Result<std::string> ApiClient::ledger_page(const std::string& device, const std::string& journal, std::int64_t after,
                                           const std::string& from, const std::string& to) {
    return text_of("/api/v1/ledger/" + http::percent_encoded(device) + "/" + http::percent_encoded(journal) + "?after=" +
                       std::to_string(after) + "&from=" + http::percent_encoded(from) + "&to=" + http::percent_encoded(to),
                   "the ledger of device " + device);
}

Result<std::string> ApiClient::ledger_corrections(const std::string& from, const std::string& to) {
    return text_of("/api/v1/ledger/corrections?from=" + http::percent_encoded(from) + "&to=" + http::percent_encoded(to),
                   "the corrections");
}

Result<std::string> ApiClient::changes_after(std::int64_t seq) {
    return text_of("/api/v1/changes?limit=500&after=" + std::to_string(seq), "the log of changes");
}

Result<void> ApiClient::get_blob(const Digest& digest, http::Sink& sink) {
    http::Request request;
    request.url = m_address + "/blobs/" + digest.hex();
    CAPSULE_TRY(response, m_session.perform(request, sink));
    (void)response;
    return {};
}

Result<ReleaseKeys> ApiClient::keys_of(Result<nlohmann::json> answer) {
    if (!answer)
        return answer.error();
    const auto by_role = [](const Json& object) {
        std::map<std::string, std::string> keys;
        if (object.is_object())
            for (const auto& [role, key] : object.items())
                if (key.is_string())
                    keys[role] = key.get<std::string>();
        return keys;
    };
    ReleaseKeys keys;
    keys.root_version = number(*answer, "root_version");
    keys.provisional = answer->value("provisional", Json(false)) == Json(true);
    keys.keys = by_role(answer->value("keys", Json()));
    if (const Json next = answer->value("next", Json()); next.is_object())
        keys.next = by_role(next);
    return keys;
}

Result<ReleaseKeys> ApiClient::release_keys() {
    return keys_of(call("GET", "/api/v1/release/keys", nullptr, "reading the server's keys"));
}

Result<ReleaseKeys> ApiClient::prepare_key_rotation() {
    return keys_of(call("POST", "/api/v1/release/keys/next", nullptr, "asking for new keys"));
}

Result<ReleaseKeys> ApiClient::put_root(const std::string& root) {
    const Json body = Json::parse(root, nullptr, false); // signatures are over the canonical form, which this does not change
    return keys_of(call("PUT", "/api/v1/release/root", &body, "sending root.json"));
}

Result<std::string> ApiClient::release_file(const std::string& name, std::uint64_t most) {
    http::Request request;
    request.most_bytes = most;
    request.url = m_address + "/release/" + name;
    request.compressed = true;
    CAPSULE_TRY(response, m_session.perform(request));
    if (response.status != 200)
        return problem(response, "reading " + name, Asker::person);
    return std::move(response.body);
}

} // namespace capsule::client
