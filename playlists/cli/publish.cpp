// What `capsule publish` does: publishes, then compares what screens got before and get now.
#include "playlists/cli/push.hpp"

#include "playlists/model/programme.hpp"
#include "playlists/release/index.hpp"

#include <nlohmann/json.hpp>

namespace capsule::cli {

namespace {

// The programme in force; empty when none was published or it cannot be read.
Programme programme_in_force(client::ApiClient& api) {
    const auto index_text = api.release_file("index.json");
    const auto index = index_text ? parse_release_index(*index_text) : Result<ReleaseIndex>(index_text.error());
    if (!index || !index->programme)
        return {};
    const auto text = api.release_file(document_file_name(DocumentKind::programme, index->programme->sha256));
    auto programme = text ? parse_programme(*text) : Result<Programme>(text.error());
    return programme ? std::move(*programme) : Programme{};
}

template <typename Map>
void compare(const Map& before, const Map& after, const std::string& kind, std::vector<std::string>& changes) {
    for (const auto& [id, value] : after)
        if (const auto old = before.find(id); old == before.end())
            changes.push_back("+ " + kind + " " + id.text());
        else if (old->second != value)
            changes.push_back("~ " + kind + " " + id.text());
    for (const auto& [id, value] : before)
        if (!after.contains(id))
            changes.push_back("- " + kind + " " + id.text());
}

std::map<ScheduleId, Schedule> by_id(const Programme& programme) {
    std::map<ScheduleId, Schedule> schedules;
    for (const auto& schedule : programme.schedules)
        schedules[schedule.id] = schedule;
    return schedules;
}

} // namespace

Result<void> run_publish(const PublishOptions& options, Terminal& terminal) {
    CAPSULE_TRY(api, open_client(options.access, terminal));
    const Programme before = programme_in_force(api);
    CAPSULE_TRY(published, api.publish());
    if (!published.problems.empty()) {
        std::string list;
        for (const auto& problem : published.problems)
            list += "\n  " + problem;
        return Error{Category::invalid, "nothing was published, the screens keep what they have:" + list};
    }
    for (const auto& warning : published.warnings)
        terminal.err << "warning: " << warning << "\n";
    std::vector<std::string> changes;
    if (published.changed) {
        const Programme after = programme_in_force(api);
        compare(before.capsules, after.capsules, "capsule", changes);
        compare(before.playlists, after.playlists, "playlist", changes);
        compare(by_id(before), by_id(after), "schedule", changes);
    }
    if (options.json) {
        terminal.out
            << nlohmann::ordered_json{{"number", published.number}, {"changed", published.changed}, {"changes", changes}}.dump()
            << "\n";
        return {};
    }
    if (!published.changed) {
        terminal.out << "nothing has changed: programme " << published.number << " stays\n";
        return {};
    }
    terminal.out << "published programme " << published.number << "\n";
    for (const auto& change : changes)
        terminal.out << "  " << change << "\n";
    return {};
}

} // namespace capsule::cli
