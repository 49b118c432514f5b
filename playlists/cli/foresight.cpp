#include "playlists/cli/foresight.hpp"

#include "content/capsule/nearest.hpp"
#include "playlists/cli/export.hpp"
#include "playlists/schedule/forecast.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

namespace capsule::cli {

namespace {

using Json = nlohmann::json;

constexpr std::size_t most_bytes = 64u << 20;

struct Question {
    ReleasePointer release;
    ScreenId screen;
    Zone zone{"Europe/Paris"};
};

Result<Release> release_of(const ForesightOptions& options, Terminal& terminal) {
    if (options.release.empty()) {
        CAPSULE_TRY(api, open_client(options.access, terminal));
        return release_at_server(api);
    }
    const auto text = [&](const char* name) { return terminal.disk.read(Path(options.release) / name, most_bytes); };
    Release release;
    CAPSULE_TRY(programme_text, text("programme.json"));
    CAPSULE_TRY(programme, parse_programme(programme_text));
    CAPSULE_TRY(fleet_text, text("fleet.json"));
    CAPSULE_TRY(fleet, parse_fleet(fleet_text));
    release.programme = std::move(programme);
    release.fleet = std::move(fleet);
    if (const auto now_text = text("now.json"); now_text) {
        CAPSULE_TRY(now, parse_now(*now_text));
        release.now = std::move(now);
    }
    return release;
}

Result<Question> question_of(const ForesightOptions& options, Terminal& terminal) {
    CAPSULE_TRY(release, release_of(options, terminal));
    const auto screen = ScreenId::parse(options.screen);
    const auto found = screen ? release.fleet.screens.find(*screen) : release.fleet.screens.end();
    if (found == release.fleet.screens.end()) {
        std::vector<std::string> known;
        for (const auto& [id, one] : release.fleet.screens)
            known.push_back(id.text());
        const auto meant = nearest_of(known, options.screen);
        return Error{Category::invalid, "--screen " + options.screen + ": there is no such screen" +
                                            (meant ? "; did you mean \"" + *meant + "\"?" : "")};
    }
    const Zone zone{site_of(release.fleet, found->second).zone};
    return Question{std::make_shared<const Release>(std::move(release)), *screen, zone};
}

Result<Instant> moment(const char* option, std::string text, const Zone& zone) {
    const std::string given = text;
    if (text.size() == std::string_view("2026-11-24T10:00").size())
        text += ":00";
    const auto parts = parse_local_moment(text);
    const auto day = parts ? parse_day(parts->date) : std::nullopt;
    if (!day)
        return Error{Category::invalid, std::string(option) + " needs a moment such as 2026-11-24 or 2026-11-24T10:00, not \"" + given + "\""};
    return zone.instant(*day + std::chrono::seconds{parts->seconds});
}

// "2026-11-24T10:00:05".
std::string local_text(const Zone& zone, Instant instant) {
    const LocalTime time = zone.local(instant);
    const LocalDay day = std::chrono::floor<std::chrono::days>(time);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time - day).count();
    char text[16];
    std::snprintf(text, sizeof text, "T%02d:%02d:%02d", static_cast<int>(seconds / 3600 % 24), static_cast<int>(seconds / 60 % 60),
                  static_cast<int>(seconds % 60));
    return to_text(day) + text;
}

const char* name_of(Forecast::Kind kind) {
    switch (kind) {
    case Forecast::Kind::capsule:
        return "capsule";
    case Forecast::Kind::qr_card:
        return "qr-card";
    case Forecast::Kind::calm:
        return "calm";
    case Forecast::Kind::notice:
        return "notice";
    case Forecast::Kind::closed:
        return "closed";
    case Forecast::Kind::gap:
        break;
    }
    return "gap";
}

Json to_json(const Forecast& seen, const Zone& zone) {
    Json items = Json::array(), shares = Json::array(), gaps = Json::array(), overlaps = Json::array();
    for (const auto& entry : seen.entries) {
        Json item{{"from", local_text(zone, entry.from)}, {"until", local_text(zone, entry.until)}, {"kind", name_of(entry.kind)},
                  {"reason", entry.reason}};
        if (!entry.capsule.empty())
            item["capsule"] = entry.capsule.text();
        if (!entry.playlist.empty())
            item["playlist"] = entry.playlist.text();
        if (entry.schedule)
            item["schedule"] = entry.schedule->text();
        if (entry.cut)
            item["cut"] = true;
        if (entry.kind == Forecast::Kind::gap)
            gaps.push_back({{"from", item["from"]}, {"until", item["until"]}, {"reason", entry.reason}});
        items.push_back(std::move(item));
    }
    for (const auto& share : seen.shares)
        shares.push_back({{"playlist", share.playlist.text()}, {"capsule", share.capsule.text()}, {"got", share.got}, {"due", share.due}});
    for (const auto& overlap : seen.overlaps)
        overlaps.push_back({{"from", local_text(zone, overlap.from)}, {"plays", overlap.plays.text()},
                            {"outranked", overlap.outranked.text()}, {"reason", overlap.why}});
    return {{"items", items}, {"shares", shares}, {"gaps", gaps}, {"overlaps", overlaps}, {"warnings", seen.warnings}};
}

void print(const Forecast& seen, const Zone& zone, std::ostream& out) {
    for (const auto& entry : seen.entries)
        out << local_text(zone, entry.from) << "  " << name_of(entry.kind) << (entry.capsule.empty() ? "" : " " + entry.capsule.text())
            << (entry.playlist.empty() ? "" : " (" + entry.playlist.text() + ")") << (entry.cut ? "  [coupé]" : "") << "  " << entry.reason
            << "\n";
    out << "\nParts obtenues et dues\n";
    for (const auto& share : seen.shares) {
        char due[32];
        std::snprintf(due, sizeof due, "%.2f", share.due);
        out << "  " << share.playlist.text() << "  " << share.capsule.text() << "  " << share.got << " / " << due << "\n";
    }
    for (const auto& overlap : seen.overlaps)
        out << "Recouvrement à partir de " << local_text(zone, overlap.from) << " : « " << overlap.plays.text() << " » l’emporte sur « "
            << overlap.outranked.text() << " ». " << overlap.why << "\n";
    for (const auto& warning : seen.warnings)
        out << "Attention : " << warning << "\n";
}

struct Verb {
    const char* code;
    const char* text;
};
Verb verb_of(Timetable::Standing standing) {
    switch (standing) {
    case Timetable::Standing::plays:
        return {"plays", "passe"};
    case Timetable::Standing::shares:
        return {"shares", "campagne : prend sa part"};
    case Timetable::Standing::no_room:
        return {"no-room", "campagne sans place : d’autres prennent déjà leur part"};
    case Timetable::Standing::outranked:
        return {"outranked", "cède la place"};
    case Timetable::Standing::not_now:
        break;
    }
    return {"not-now", "ne s’applique pas à cette heure"};
}

} // namespace

Result<void> run_simulate(const ForesightOptions& options, Terminal& terminal) {
    CAPSULE_TRY(question, question_of(options, terminal));
    CAPSULE_TRY(from, moment("--from", options.from, question.zone));
    CAPSULE_TRY(to, moment("--to", options.to, question.zone));
    if (to <= from || to - from > std::chrono::days{366})
        return Error{Category::invalid, "--to must come after --from, within 366 days"};
    const Forecast seen = forecast(question.release, question.screen, from, to);
    if (options.json)
        terminal.out << to_json(seen, question.zone).dump() << "\n";
    else
        print(seen, question.zone, terminal.out);
    return {};
}

Result<void> run_explain(const ForesightOptions& options, Terminal& terminal) {
    CAPSULE_TRY(question, question_of(options, terminal));
    CAPSULE_TRY(at, moment("--at", options.at, question.zone));
    const Release& release = *question.release;
    RunningOrder order{question.release, question.screen};
    const Evaluation evaluation = order.at(at, ClockKnown::yes);
    const auto standings = order.timetable().standings(at);
    const Timetable::Candidate* plays = nullptr;
    for (const auto& one : standings)
        if (one.standing == Timetable::Standing::plays)
            plays = &one;
    Json schedules = Json::array(), capsules = Json::array();
    for (const auto& one : standings) {
        const Verb verb = verb_of(one.standing);
        std::string why = verb.text;
        if (one.standing == Timetable::Standing::outranked && plays)
            why += " à « " + plays->schedule->id.text() + " » : " + precedence(*plays, one);
        schedules.push_back({{"schedule", one.schedule->id.text()}, {"playlist", one.schedule->playlist.text()},
                             {"priority", one.schedule->priority}, {"specificity", one.specificity}, {"standing", verb.code}, {"reason", why}});
    }
    if (evaluation.playlist || !evaluation.campaigns.empty()) {
        std::map<CapsuleId, std::int64_t> due;
        std::int64_t whole = 0;
        for (const auto& one : order.rotation(evaluation).due(at, {})) {
            due[one.capsule] += one.weight;
            whole += one.weight;
        }
        std::set<CapsuleId> seen;
        for (const auto& item : flatten(release.programme, order.rotation(evaluation).playlist(), [](const CapsuleId&) { return true; }).items) {
            const CapsuleId& id = item.item->capsule;
            if (!seen.insert(id).second)
                continue;
            Json capsule{{"capsule", id.text()}, {"playlist", item.playlist.text()}};
            if (const auto against = obstacle(release, question.screen, id, at, {}))
                capsule["obstacle"] = *against;
            else
                capsule["share"] = static_cast<double>(due[id]) / static_cast<double>(std::max<std::int64_t>(1, whole));
            capsules.push_back(std::move(capsule));
        }
    }
    const std::string picture = evaluation.picture_on ? "on" : "off";
    const std::string next = evaluation.next_change ? local_text(question.zone, *evaluation.next_change) : std::string{};
    if (options.json) {
        Json answer{{"picture", picture}, {"volume", evaluation.volume}, {"schedules", schedules}, {"capsules", capsules}};
        answer["playlist"] = evaluation.playlist ? Json(evaluation.playlist->text()) : Json();
        answer["next_change"] = next.empty() ? Json() : Json(next);
        terminal.out << answer.dump() << "\n";
        return {};
    }
    terminal.out << "Image " << (evaluation.picture_on ? "allumée" : "éteinte") << ", volume " << evaluation.volume
                 << ", prochain changement : " << (next.empty() ? "jamais" : next) << "\n";
    for (const auto& one : schedules)
        terminal.out << "  " << one["schedule"].get<std::string>() << " (" << one["playlist"].get<std::string>()
                     << ") : " << one["reason"].get<std::string>() << "\n";
    for (const auto& one : capsules) {
        terminal.out << "    " << one["capsule"].get<std::string>() << " : ";
        if (one.contains("obstacle"))
            terminal.out << one["obstacle"].get<std::string>() << "\n";
        else
            terminal.out << "sa part : " << static_cast<int>(one["share"].get<double>() * 1000 + 0.5) / 10.0 << " %\n";
    }
    return {};
}

} // namespace capsule::cli
