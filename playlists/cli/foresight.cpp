#include "playlists/cli/foresight.hpp"

#include "content/capsule/nearest.hpp"
#include "playlists/cli/export.hpp"
#include "playlists/schedule/foresight_documents.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

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

Result<Instant> moment(const char* option, const std::string& text, const Zone& zone) {
    auto found = moment_of(text, zone);
    return found ? found : in_context(option, found.error());
}

void print(const Forecast::Entry& entry, const Zone& zone, std::ostream& out) {
    out << local_text(zone, entry.from) << "  " << name_of(entry.kind) << (entry.capsule.empty() ? "" : " " + entry.capsule.text())
        << (entry.playlist.empty() ? "" : " (" + entry.playlist.text() + ")") << (entry.cut ? "  [coupé]" : "") << "  " << entry.reason << "\n";
}

void print(const Forecast& seen, const Zone& zone, std::ostream& out) {
    for (const auto& entry : seen.entries)
        print(entry, zone, out);
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

void print(const Explanation& explained, const Zone& zone, std::ostream& out) {
    const Evaluation& evaluation = explained.evaluation;
    out << "Image " << (evaluation.picture_on ? "allumée" : "éteinte") << ", volume " << evaluation.volume
        << ", prochain changement : " << (evaluation.next_change ? local_text(zone, *evaluation.next_change) : "jamais") << "\n";
    if (explained.shows)
        print(*explained.shows, zone, out);
    for (const auto& one : explained.schedules)
        out << "  " << one.candidate.schedule->id.text() << " (" << one.candidate.schedule->playlist.text() << ") : " << one.reason << "\n";
    for (const auto& one : explained.capsules) {
        out << "    " << one.capsule.text() << " : ";
        if (one.obstacle)
            out << *one.obstacle << "\n";
        else
            out << "sa part : " << static_cast<int>(one.share * 1000 + 0.5) / 10.0 << " %\n";
    }
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
        write_document(seen, question.zone, terminal.out);
    else
        print(seen, question.zone, terminal.out);
    return {};
}

Result<void> run_explain(const ForesightOptions& options, Terminal& terminal) {
    CAPSULE_TRY(question, question_of(options, terminal));
    CAPSULE_TRY(at, moment("--at", options.at, question.zone));
    const Explanation explained = explain(question.release, question.screen, at);
    if (options.json)
        terminal.out << document_of(explained, question.zone).dump() << "\n";
    else
        print(explained, question.zone, terminal.out);
    return {};
}

} // namespace capsule::cli
