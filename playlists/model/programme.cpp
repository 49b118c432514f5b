#include "playlists/model/programme.hpp"
#include "playlists/model/fields.hpp"
#include "playlists/model/where.hpp"

#include <nlohmann/json.hpp>

#include <set>

namespace capsule {

using Json = nlohmann::json;
using model::Fields;
using model::place_of;

namespace {

Result<PlaylistItem> read_item(const Json& value, const std::string& place) {
    Fields fields(value, place);
    PlaylistItem item;
    item.capsule = fields.needed_id<CapsuleId>("capsule");
    item.weight = static_cast<int>(fields.integer("weight", 1, 1000, 1));
    if (const auto least = fields.optional_integer("at_least_per_hour", 1, 1000))
        item.at_least_per_hour = static_cast<int>(*least);
    if (const auto most = fields.optional_integer("at_most_per_hour", 1, 1000))
        item.at_most_per_hour = static_cast<int>(*most);
    item.volume = static_cast<int>(fields.integer("volume", 0, 100, 100));
    if (item.at_least_per_hour && item.at_most_per_hour && *item.at_least_per_hour > *item.at_most_per_hour)
        fields.complain("at_least_per_hour", "is more than at_most_per_hour");
    if (fields.complaint())
        return *fields.complaint();
    return item;
}

Result<Playlist> read_playlist(const PlaylistId& id, const Json& value, const std::string& place) {
    Fields fields(value, place);
    Playlist playlist;
    playlist.id = id;
    playlist.title = fields.text("title");
    const std::string order = fields.text("order", "listed");
    if (order == "shuffle")
        playlist.order = PlaylistOrder::shuffle;
    else if (order != "listed")
        fields.complain("order", "\"" + order + "\" is not known: expected listed or shuffle");
    playlist.qr_card_every = Milliseconds{fields.integer("qr_card_every_ms", 0, 86'400'000, 0)};
    if (const Json* items = fields.array("items"))
        for (const Json& item : *items) {
            auto read = read_item(item, place_of(fields.place("items"), playlist.items.size()));
            if (!read.ok())
                return read.error();
            playlist.items.push_back(std::move(*read));
        }
    if (fields.complaint())
        return *fields.complaint();
    return playlist;
}

Result<Schedule> read_schedule(const Json& value, const std::string& place) {
    Fields fields(value, place);
    Schedule schedule;
    schedule.id = fields.needed_id<ScheduleId>("id");
    schedule.playlist = fields.needed_id<PlaylistId>("playlist");
    schedule.when = fields.text("when", "always");
    schedule.priority = static_cast<int>(fields.integer("priority", -1'000'000, 1'000'000, 0));
    if (const Json* at_once = fields.find("at_once")) {
        schedule.at_once = at_once->is_boolean() && at_once->get<bool>();
        if (!at_once->is_boolean())
            fields.complain("at_once", "expected true or false");
    }
    if (const Json* where = fields.find("where")) {
        auto read = model::read_where(*where, fields.place("where"));
        if (!read.ok())
            return read.error();
        schedule.where = std::move(*read);
    }
    if (fields.complaint())
        return *fields.complaint();
    return schedule;
}

Result<BlobReference> read_blob(const Json& value, const std::string& place) {
    Fields fields(value, place);
    BlobReference blob;
    const auto digest = fields.digest("sha256");
    if (!digest)
        fields.complain("sha256", "is missing: expected a SHA-256");
    blob.sha256 = digest.value_or(Digest{});
    blob.bytes = static_cast<std::uint64_t>(fields.needed_integer("bytes", 0, INT64_MAX));
    blob.type = fields.text("type");
    if (fields.complaint())
        return *fields.complaint();
    return blob;
}

Result<void> read_capsules(Programme& programme, Fields& fields) {
    const Json* capsules = fields.object("capsules");
    if (!capsules)
        return {};
    for (const auto& [key, value] : capsules->items()) {
        const std::string place = place_of(fields.place("capsules"), key);
        const auto id = CapsuleId::parse(key);
        if (!id)
            return Error{Category::invalid, place + ": not an identifier: use 1 to 64 of a-z, 0-9 and hyphen"};
        auto capsule = capsule_from_json(*id, value);
        if (!capsule.ok())
            return Error{capsule.error().category, place + ": " + capsule.error().message};
        programme.capsules.emplace(*id, std::move(*capsule));
    }
    return {};
}

Result<void> read_playlists(Programme& programme, Fields& fields) {
    const Json* playlists = fields.object("playlists");
    if (!playlists)
        return {};
    for (const auto& [key, value] : playlists->items()) {
        const std::string place = place_of(fields.place("playlists"), key);
        const auto id = PlaylistId::parse(key);
        if (!id)
            return Error{Category::invalid, place + ": not an identifier: use 1 to 64 of a-z, 0-9 and hyphen"};
        auto playlist = read_playlist(*id, value, place);
        if (!playlist.ok())
            return playlist.error();
        programme.playlists.emplace(*id, std::move(*playlist));
    }
    return {};
}

Result<void> read_schedules(Programme& programme, Fields& fields) {
    const Json* schedules = fields.array("schedules");
    if (!schedules)
        return {};
    std::set<ScheduleId> seen;
    for (const Json& value : *schedules) {
        const std::string place = place_of(fields.place("schedules"), programme.schedules.size());
        auto schedule = read_schedule(value, place);
        if (!schedule.ok())
            return schedule.error();
        if (!seen.insert(schedule->id).second)
            return Error{Category::invalid, place + ".id: \"" + schedule->id.text() + "\" stands twice"};
        programme.schedules.push_back(std::move(*schedule));
    }
    return {};
}

Result<void> read_directory(Programme& programme, Fields& fields) {
    const Json* directory = fields.object("directory");
    if (!directory)
        return {};
    Fields inner(*directory, fields.place("directory"));
    programme.directory_templates = inner.texts_by_language("templates");
    if (const Json* places = inner.find("places")) {
        auto blob = read_blob(*places, inner.place("places"));
        if (!blob.ok())
            return blob.error();
        programme.directory_places = std::move(*blob);
    }
    if (inner.complaint())
        return *inner.complaint();
    return {};
}

} // namespace

Json to_json(const Playlist& playlist) {
    Json items = Json::array();
    for (const PlaylistItem& item : playlist.items) {
        Json written{{"capsule", item.capsule.text()}, {"weight", item.weight}};
        if (item.at_least_per_hour)
            written["at_least_per_hour"] = *item.at_least_per_hour;
        if (item.at_most_per_hour)
            written["at_most_per_hour"] = *item.at_most_per_hour;
        if (item.volume != 100)
            written["volume"] = item.volume;
        items.push_back(std::move(written));
    }
    return Json{{"title", playlist.title},
                {"order", playlist.order == PlaylistOrder::shuffle ? "shuffle" : "listed"},
                {"qr_card_every_ms", playlist.qr_card_every.count()},
                {"items", std::move(items)}};
}

Result<Playlist> playlist_from_json(const PlaylistId& id, const Json& object) { return read_playlist(id, object, {}); }

Json to_json(const Schedule& schedule) {
    Json written{{"id", schedule.id.text()},
                 {"playlist", schedule.playlist.text()},
                 {"where", to_json(schedule.where)},
                 {"when", schedule.when},
                 {"priority", schedule.priority}};
    if (schedule.at_once)
        written["at_once"] = true;
    return written;
}

Result<Schedule> schedule_from_json(const Json& object) { return read_schedule(object, {}); }

Result<Programme> parse_programme(std::string_view text) {
    CAPSULE_TRY(document, model::parse_document("programme.json", text));
    Fields fields(document, "programme.json: ");
    fields.check_format();
    Programme programme;
    programme.number = fields.needed_integer("number", 0, INT64_MAX);
    programme.published_at = fields.needed_instant("published_at");
    if (fields.complaint())
        return *fields.complaint();
    CAPSULE_CHECK(read_capsules(programme, fields));
    CAPSULE_CHECK(read_playlists(programme, fields));
    CAPSULE_CHECK(read_schedules(programme, fields));
    CAPSULE_CHECK(read_directory(programme, fields));
    if (fields.complaint())
        return *fields.complaint();
    return programme;
}

std::string serialise(const Programme& programme) {
    Json capsules = Json::object(), playlists = Json::object(), schedules = Json::array();
    for (const auto& [id, capsule] : programme.capsules)
        capsules[id.text()] = to_json(capsule);
    for (const auto& [id, playlist] : programme.playlists)
        playlists[id.text()] = to_json(playlist);
    for (const Schedule& schedule : programme.schedules)
        schedules.push_back(to_json(schedule));
    Json places;
    if (const auto& blob = programme.directory_places)
        places = Json{{"sha256", blob->sha256.hex()}, {"bytes", blob->bytes}, {"type", blob->type}};
    Json directory{{"templates", Json::object()}, {"places", std::move(places)}};
    for (const auto& [language, address] : programme.directory_templates)
        directory["templates"][language] = address;
    return model::write_document(Json{{"format", 1},
                                      {"requires", Json::array()},
                                      {"number", programme.number},
                                      {"published_at", to_rfc3339(programme.published_at)},
                                      {"capsules", std::move(capsules)},
                                      {"playlists", std::move(playlists)},
                                      {"schedules", std::move(schedules)},
                                      {"directory", std::move(directory)}});
}

} // namespace capsule
