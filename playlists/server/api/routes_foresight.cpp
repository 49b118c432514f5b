// What a screen will show: asked of what is published, as the screen itself knows it.
#include "playlists/server/api/api.hpp"
#include "playlists/server/api/errors.hpp"

#include "content/capsule/nearest.hpp"
#include "playlists/model/now.hpp"
#include "playlists/schedule/foresight_documents.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr std::chrono::days longest_forecast{7}, longest_plan{62};

// A screen with what it follows.
struct Question {
    ReleasePointer release;
    ScreenId screen;
    Zone zone{"Europe/Paris"};
};

Result<Release> published(const Services& services) {
    Release release;
    CAPSULE_TRY(programme_text, services.release.current(DocumentKind::programme));
    CAPSULE_TRY(programme, parse_programme(programme_text));
    release.programme = std::move(programme);
    if (const auto now_text = services.release.current(DocumentKind::now)) {
        CAPSULE_TRY(now, parse_now(*now_text));
        release.now = std::move(now);
    }
    return release;
}

Result<Question> question_of(const Services& services, Call& call) {
    CAPSULE_TRY(fleet, services.fleet.fleet(call.database));
    const std::string& name = call.parameters.at("id");
    const auto screen = ScreenId::parse(name);
    const auto found = screen ? fleet.screens.find(*screen) : fleet.screens.end();
    if (found == fleet.screens.end()) {
        std::vector<std::string> known;
        for (const auto& [id, one] : fleet.screens)
            known.push_back(id.text());
        const auto meant = nearest_of(known, name);
        return Error{Category::missing, "there is no screen \"" + name + "\"" + (meant ? "; did you mean \"" + *meant + "\"?" : "")};
    }
    auto release = published(services);
    if (!release)
        return release.error().category == Category::missing
                   ? Error{Category::missing, "nothing is published yet: publish first, then ask what is shown"}
                   : release.error();
    const Zone zone{site_of(fleet, found->second).zone};
    release->fleet = std::move(fleet);
    return Question{std::make_shared<const Release>(std::move(*release)), *screen, zone};
}

Result<Instant> moment(const Call& call, const char* name, const Zone& zone) {
    auto found = moment_of(call.request.parameter(name), zone);
    return found ? found : in_context(name, found.error());
}

struct Span {
    Instant from{}, to{};
};

Result<Span> span(const Call& call, const Zone& zone, std::chrono::days longest) {
    CAPSULE_TRY(from, moment(call, "from", zone));
    CAPSULE_TRY(to, moment(call, "to", zone));
    if (to <= from || to - from > longest + std::chrono::hours{1}) // a night when the clocks go back is longer
        return Error{Category::invalid, "to: after from, and within " + std::to_string(longest.count()) + " days of it, is expected"};
    return Span{from, to};
}

Json facts_of(const Question& question) {
    const Screen& screen = question.release->fleet.screens.at(question.screen);
    const Site& site = site_of(question.release->fleet, screen);
    return {{"screen", question.screen.text()}, {"screen_name", screen.name}, {"site", screen.site.text()}, {"site_name", site.name},
            {"hours", site.hours}, {"zone", site.zone}, {"programme", question.release->programme.number}};
}

// Counts begin with the site's day, as the screen's do.
Result<Json> forecast_answer(const Question& question, const Call& call) {
    CAPSULE_TRY(asked, span(call, question.zone, longest_forecast));
    const Instant day = question.zone.instant(LocalTime{question.zone.day(asked.from)});
    Forecast seen = forecast(question.release, question.screen, day, asked.to);
    std::erase_if(seen.entries, [&](const Forecast::Entry& entry) { return entry.until <= asked.from; });
    return document_of(seen, question.zone);
}

Result<Json> explanation_answer(const Question& question, const Call& call) {
    CAPSULE_TRY(at, moment(call, "at", question.zone));
    return document_of(explain(question.release, question.screen, at), question.zone);
}

Result<Json> week_answer(const Question& question, const Call& call) {
    CAPSULE_TRY(asked, span(call, question.zone, longest_plan));
    const Release& release = *question.release;
    const Timetable timetable{release.programme, release.fleet, release.now, question.screen};
    Json answer = document_of(week_plan(timetable, asked.from, asked.to), question.zone);
    Json titles = Json::object();
    for (const auto& [id, playlist] : release.programme.playlists)
        titles[id.text()] = playlist.title;
    answer["playlists"] = std::move(titles);
    return answer;
}

using Answerer = Result<Json> (*)(const Question&, const Call&);

Response answer(const Services& services, Call& call, Answerer answerer) {
    const auto question = question_of(services, call);
    if (!question)
        return error_response(question.error());
    auto document = answerer(*question, call);
    if (!document)
        return error_response(document.error());
    document->update(facts_of(*question));
    return json_response(document->dump());
}

Response put_school_holidays(const Services& services, Call& call) {
    const auto warnings = services.catalogue.put_school_holidays(call.database, call.request.body);
    if (!warnings)
        return error_response(warnings.error());
    auto document = services.catalogue.school_holidays(call.database);
    if (!document)
        return error_response(document.error());
    Json body = Json::parse(*document);
    body["warnings"] = *warnings;
    return json_response(body.dump());
}

} // namespace

void add_foresight_routes(RouteTable& table, const Services& services) {
    const auto read = [&](const char* pattern, Answerer answerer) {
        table.add({"GET", pattern, Admission::Body::none, 0,
                   [&services, answerer](Call& call) { return answer(services, call, answerer); }});
    };
    read("/api/v1/screens/{id}/forecast", forecast_answer);
    read("/api/v1/screens/{id}/explanation", explanation_answer);
    read("/api/v1/screens/{id}/week", week_answer);
    table.add({"GET", "/api/v1/school-holidays", Admission::Body::none, 0, [&services](Call& call) {
                   auto document = services.catalogue.school_holidays(call.database);
                   return document ? json_response(std::move(*document)) : error_response(document.error());
               }});
    table.add({"PUT", "/api/v1/school-holidays", Admission::Body::memory, 4u << 20,
               [&services](Call& call) { return put_school_holidays(services, call); }});
}

} // namespace capsule::server
