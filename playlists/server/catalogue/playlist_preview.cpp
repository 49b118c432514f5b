#include "playlists/server/catalogue/playlist_preview.hpp"

#include "content/lib/json/strict.hpp"
#include "playlists/schedule/flatten.hpp"
#include "playlists/schedule/forecast.hpp"
#include "playlists/server/catalogue/draft.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr auto span = std::chrono::hours{1};
constexpr Milliseconds shortest{1000}; // so that an hour has no millions of items

const char* name_of(Forecast::Kind kind) {
    switch (kind) {
    case Forecast::Kind::capsule:
        return "capsule";
    case Forecast::Kind::qr_card:
        return "qr-card";
    case Forecast::Kind::calm:
        return "calm";
    case Forecast::Kind::notice:
    case Forecast::Kind::closed:
    case Forecast::Kind::gap:
        break;
    }
    return "gap";
}

// A place that lacks nothing, for whom no screen was chosen.
Fleet any_place(const Programme& programme) {
    Site site;
    site.id = SiteId::parse("any").value_or(SiteId{});
    std::set<std::string> offers;
    for (const auto& [id, capsule] : programme.capsules)
        offers.insert(capsule.needs.begin(), capsule.needs.end());
    site.offers.assign(offers.begin(), offers.end());
    Screen screen;
    screen.id = ScreenId::parse("any").value_or(ScreenId{});
    screen.site = site.id;
    Fleet fleet;
    fleet.sites.emplace(site.id, site);
    fleet.screens.emplace(screen.id, screen);
    return fleet;
}

// That screen and its site, open all the time.
Result<Fleet> only(const Fleet& fleet, const std::string& name) {
    const auto id = ScreenId::parse(name);
    const auto screen = id ? fleet.screens.find(*id) : fleet.screens.end();
    if (screen == fleet.screens.end())
        return Error{Category::invalid, "screen: there is no screen \"" + name + "\""};
    Fleet alone;
    alone.screens.insert(*screen);
    if (const auto site = fleet.sites.find(screen->second.site); site != fleet.sites.end())
        alone.sites.insert(*site);
    for (auto& [site_id, site] : alone.sites)
        site.hours.clear();
    return alone;
}

Json to_json(const Forecast& seen, const Playlist& playlist, const Release& release) {
    std::map<CapsuleId, std::int64_t> counts;
    for (const auto& item : flatten(release.programme, playlist, [](const CapsuleId&) { return true; }).items)
        counts[item.item->capsule] = 0;
    Json items = Json::array();
    for (const auto& entry : seen.entries) {
        Json item{{"from", to_rfc3339(entry.from)}, {"duration_ms", (entry.until - entry.from).count()}, {"kind", name_of(entry.kind)},
                  {"capsule", entry.capsule.empty() ? Json() : Json(entry.capsule.text())}, {"reason", entry.reason}};
        if (entry.kind == Forecast::Kind::capsule)
            ++counts[entry.capsule];
        items.push_back(std::move(item));
    }
    Json capsules = Json::object();
    for (const auto& [id, count] : counts)
        capsules[id.text()] = count;
    return {{"items", items}, {"capsules", capsules}};
}

} // namespace

Result<std::string> preview_playlist(sqlite::Database& database, const Fleet& fleet, const std::string& id, std::string_view text,
                                     Instant now) {
    CAPSULE_TRY(request, json::parse_strict(text, {.bytes = 1u << 20, .floats = false}));
    const auto playlist_id = PlaylistId::parse(id);
    if (!playlist_id || !request.is_object() || !request.contains("playlist"))
        return Error{Category::invalid, "the body must be an object with the playlist's record under \"playlist\""};
    CAPSULE_TRY(playlist, playlist_from_json(*playlist_id, request["playlist"]));
    CAPSULE_TRY(programme, compose_draft(database, {}, now));
    CAPSULE_TRY(capsules, draft_capsules(database));
    programme.capsules = std::move(capsules);
    programme.playlists.insert_or_assign(playlist.id, playlist);
    for (auto& [capsule_id, capsule] : programme.capsules)
        for (CapsuleVersion& version : capsule.versions)
            version.duration = std::max(version.duration, shortest);
    for (auto& [list_id, list] : programme.playlists) {
        if (list.still_duration.count() > 0)
            list.still_duration = std::max(list.still_duration, shortest);
        for (PlaylistItem& item : list.items)
            if (item.duration.count() > 0)
                item.duration = std::max(item.duration, shortest);
    }
    Schedule always;
    always.id = ScheduleId::parse("preview").value_or(ScheduleId{});
    always.playlist = playlist.id;
    programme.schedules = {always};

    Release release;
    const auto screen = request.find("screen");
    if (screen != request.end() && screen->is_string()) {
        CAPSULE_TRY(alone, only(fleet, screen->get<std::string>()));
        release.fleet = std::move(alone);
    } else {
        release.fleet = any_place(programme);
    }
    release.programme = std::move(programme);
    const ScreenId where = release.fleet.screens.begin()->first;
    const auto pointer = std::make_shared<const Release>(std::move(release));
    return to_json(forecast(pointer, where, now, now + span), playlist, *pointer).dump();
}

} // namespace capsule::server
