#include "playlists/server/catalogue/draft.hpp"

#include "content/lib/json/strict.hpp"
#include "playlists/server/catalogue/places.hpp"

#include <nlohmann/json.hpp>

#include <functional>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

Result<void> for_each(sqlite::Database& database, std::string_view kind,
                      const std::function<Result<void>(const std::string& id, const Json& record)>& visit) {
    CAPSULE_TRY(select, database.prepare("SELECT id, record FROM records WHERE kind=?1 ORDER BY id"));
    select.bind(1, kind);
    for (;;) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            return {};
        auto record = json::parse_strict(select.text(1));
        if (!record)
            return in_context(std::string(kind) + " \"" + select.text(0) + "\"", record.error());
        CAPSULE_CHECK(visit(select.text(0), *record));
    }
}

} // namespace

Result<std::map<CapsuleId, Capsule>> draft_capsules(sqlite::Database& database) {
    std::map<CapsuleId, Capsule> draft;
    CAPSULE_CHECK(for_each(database, "capsule", [&](const std::string& id, const Json& record) -> Result<void> {
        CAPSULE_TRY(capsule, capsule_from_json(CapsuleId::parse(id).value_or(CapsuleId{}), record));
        draft.emplace(capsule.id, capsule);
        return {};
    }));
    return draft;
}

Result<Programme> compose_draft(sqlite::Database& database, const NowDocument& now, Instant instant) {
    Programme programme;
    CAPSULE_CHECK(for_each(database, "playlist", [&](const std::string& id, const Json& record) -> Result<void> {
        CAPSULE_TRY(playlist, playlist_from_json(PlaylistId::parse(id).value_or(PlaylistId{}), record));
        programme.playlists.emplace(playlist.id, playlist);
        return {};
    }));
    CAPSULE_CHECK(for_each(database, "schedule", [&](const std::string&, const Json& record) -> Result<void> {
        CAPSULE_TRY(schedule, schedule_from_json(record));
        programme.schedules.push_back(schedule);
        return {};
    }));
    CAPSULE_TRY(draft, draft_capsules(database));
    std::vector<CapsuleId> wanted;
    for (const auto& [id, playlist] : programme.playlists)
        for (const PlaylistItem& item : playlist.items)
            wanted.push_back(item.capsule);
    for (const Message& message : now.messages)
        if (message.capsule && message.until > instant)
            wanted.push_back(*message.capsule);
    while (!wanted.empty()) {
        const auto found = draft.find(wanted.back());
        wanted.pop_back();
        if (found == draft.end() || !programme.capsules.emplace(found->first, found->second).second)
            continue;
        if (found->second.followed_by)
            wanted.push_back(*found->second.followed_by);
    }
    CAPSULE_TRY(directory, directory_document(database));
    programme.directory_templates = directory.at("templates").get<std::map<std::string, std::string>>();
    programme.directory_places = places_of(directory);
    CAPSULE_CHECK(for_each(database, "school holidays", [&](const std::string&, const Json& record) -> Result<void> {
        CAPSULE_TRY(holidays, school_holidays_from_json(record.value("school_holidays", Json())));
        programme.school_holidays = std::move(holidays);
        return {};
    }));
    return programme;
}

} // namespace capsule::server
