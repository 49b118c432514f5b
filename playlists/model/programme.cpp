#include "playlists/model/programme.hpp"
#include "playlists/model/fields.hpp"
#include "playlists/model/where.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <set>
#include <utility>

namespace capsule {

using Json = nlohmann::json;
using model::Fields;
using model::place_of;

namespace {

constexpr std::int64_t day_ms = 86'400'000;

Result<PlaylistItem> read_item(const Json& value, const std::string& place) {
    Fields fields(value, place);
    PlaylistItem item;
    if (fields.find("playlist")) {
        item.playlist = fields.needed_id<PlaylistId>("playlist");
        item.weight = static_cast<int>(fields.integer("weight", 0, 1000, 0));
        for (const char* key : {"capsule", "at_least_per_hour", "at_most_per_hour", "not_again_within_ms", "duration_ms", "qr_card_after", "volume"})
            if (fields.find(key))
                fields.complain(key, "does not go with a playlist: only weight does");
    } else {
        item.capsule = fields.needed_id<CapsuleId>("capsule");
        item.weight = static_cast<int>(fields.integer("weight", 1, 1000, 1));
        if (const auto least = fields.optional_integer("at_least_per_hour", 1, 1000))
            item.at_least_per_hour = static_cast<int>(*least);
        if (const auto most = fields.optional_integer("at_most_per_hour", 1, 1000))
            item.at_most_per_hour = static_cast<int>(*most);
        if (item.at_least_per_hour && item.at_most_per_hour && *item.at_least_per_hour > *item.at_most_per_hour)
            fields.complain("at_least_per_hour", "is more than at_most_per_hour");
        item.volume = static_cast<int>(fields.integer("volume", 0, 100, 100));
        item.not_again_within = Milliseconds{fields.integer("not_again_within_ms", 0, day_ms, 0)};
        item.duration = Milliseconds{fields.integer("duration_ms", 0, day_ms, 0)};
        item.qr_card_after = fields.flag("qr_card_after", false);
    }
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
    playlist.qr_card_every = Milliseconds{fields.integer("qr_card_every_ms", 0, day_ms, 0)};
    playlist.not_again_within = Milliseconds{fields.integer("not_again_within_ms", 0, day_ms, 0)};
    playlist.themes_apart = fields.flag("themes_apart", false);
    playlist.still_duration = Milliseconds{fields.integer("still_duration_ms", 0, day_ms, 0)};
    playlist.calm_percent = static_cast<int>(fields.integer("calm_percent", 0, 90, 0));
    playlist.calm_duration = Milliseconds{fields.integer("calm_duration_ms", 1000, day_ms, 10'000)};
    if (const Json* languages = fields.object("languages")) {
        Fields parts(*languages, fields.place("languages"));
        for (const auto& [language, part] : languages->items())
            playlist.languages[language] = static_cast<int>(parts.needed_integer(language, 1, 1000));
        if (parts.complaint())
            return *parts.complaint();
    }
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
    schedule.from = fields.text("from");
    schedule.until = fields.text("until");
    for (const auto& [key, moment] : {std::pair{"from", schedule.from}, std::pair{"until", schedule.until}})
        if (!moment.empty() && !parse_local_moment(moment))
            fields.complain(key, "\"" + moment + "\": expected a date as 2026-11-24 or 2026-11-24T08:30:00");
    if (!schedule.from.empty() && !schedule.until.empty() && schedule.until <= schedule.from)
        fields.complain("until", "does not come after from");
    schedule.margin_minutes = static_cast<int>(fields.integer("margin_minutes", 0, 240, 0));
    schedule.share_percent = static_cast<int>(fields.integer("share_percent", 1, 100, 100));
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

Result<std::vector<SchoolHoliday>> read_school_holidays(const Json& list, const std::string& place) {
    std::vector<SchoolHoliday> holidays;
    for (const Json& value : list) {
        Fields one(value, place_of(place, holidays.size()));
        SchoolHoliday holiday{one.text("name"), one.needed_text("from"), one.needed_text("until")};
        for (const auto& [key, date] : {std::pair{"from", holiday.from}, std::pair{"until", holiday.until}})
            if (date.size() != 10 || !parse_local_moment(date))
                one.complain(key, "\"" + date + "\": expected a date as 2026-12-19");
        if (holiday.until <= holiday.from)
            one.complain("until", "does not come after from");
        if (!holidays.empty() && holiday.from < holidays.back().until)
            one.complain("from", "comes before the end of the holidays listed before");
        if (one.complaint())
            return *one.complaint();
        holidays.push_back(std::move(holiday));
    }
    return holidays;
}

Result<void> read_calendar(Programme& programme, Fields& fields) {
    const Json* calendar = fields.object("calendar");
    if (!calendar)
        return {};
    Fields inner(*calendar, fields.place("calendar"));
    if (const Json* list = inner.array("school_holidays")) {
        auto holidays = read_school_holidays(*list, inner.place("school_holidays"));
        if (!holidays.ok())
            return holidays.error();
        programme.school_holidays = std::move(*holidays);
    }
    if (inner.complaint())
        return *inner.complaint();
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

Json to_json(const std::vector<SchoolHoliday>& holidays) {
    Json list = Json::array();
    for (const SchoolHoliday& holiday : holidays)
        list.push_back(Json{{"name", holiday.name}, {"from", holiday.from}, {"until", holiday.until}});
    return list;
}

Result<std::vector<SchoolHoliday>> school_holidays_from_json(const Json& list) {
    if (!list.is_array())
        return Error{Category::invalid, "school_holidays: expected a list of objects with name, from and until"};
    return read_school_holidays(list, "school_holidays");
}

Json to_json(const Playlist& playlist) {
    Json items = Json::array();
    for (const PlaylistItem& item : playlist.items) {
        if (item.playlist) {
            items.push_back(Json{{"playlist", item.playlist->text()}, {"weight", item.weight}});
            continue;
        }
        Json written{{"capsule", item.capsule.text()}, {"weight", item.weight}};
        if (item.at_least_per_hour)
            written["at_least_per_hour"] = *item.at_least_per_hour;
        if (item.at_most_per_hour)
            written["at_most_per_hour"] = *item.at_most_per_hour;
        if (item.volume != 100)
            written["volume"] = item.volume;
        if (item.not_again_within.count() > 0)
            written["not_again_within_ms"] = item.not_again_within.count();
        if (item.duration.count() > 0)
            written["duration_ms"] = item.duration.count();
        if (item.qr_card_after)
            written["qr_card_after"] = true;
        items.push_back(std::move(written));
    }
    Json written{{"title", playlist.title},
                 {"order", playlist.order == PlaylistOrder::shuffle ? "shuffle" : "listed"},
                 {"qr_card_every_ms", playlist.qr_card_every.count()},
                 {"items", std::move(items)}};
    if (playlist.not_again_within.count() > 0)
        written["not_again_within_ms"] = playlist.not_again_within.count();
    if (playlist.themes_apart)
        written["themes_apart"] = true;
    if (playlist.still_duration.count() > 0)
        written["still_duration_ms"] = playlist.still_duration.count();
    if (playlist.calm_percent > 0) {
        written["calm_percent"] = playlist.calm_percent;
        written["calm_duration_ms"] = playlist.calm_duration.count();
    }
    for (const auto& [language, part] : playlist.languages)
        written["languages"][language] = part;
    return written;
}

Result<Playlist> playlist_from_json(const PlaylistId& id, const Json& object) { return read_playlist(id, object, {}); }

std::optional<LocalMoment> parse_local_moment(std::string_view text) {
    const auto number = [&](std::size_t at, std::size_t length) {
        int value = 0;
        for (const char c : text.substr(at, length)) {
            if (c < '0' || c > '9')
                return -1;
            value = value * 10 + (c - '0');
        }
        return value;
    };
    const bool timed = text.size() == 19 && text[10] == 'T' && text[13] == ':' && text[16] == ':';
    if ((text.size() != 10 && !timed) || text[4] != '-' || text[7] != '-')
        return std::nullopt;
    const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
    if (year < 1 || month < 1 || day < 1)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok())
        return std::nullopt;
    LocalMoment moment{std::string{text.substr(0, 10)}, 0};
    if (timed) {
        const int hours = number(11, 2), minutes = number(14, 2), seconds = number(17, 2);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59)
            return std::nullopt;
        moment.seconds = hours * 3600 + minutes * 60 + seconds;
    }
    return moment;
}

Json to_json(const Schedule& schedule) {
    Json written{{"id", schedule.id.text()},
                 {"playlist", schedule.playlist.text()},
                 {"where", to_json(schedule.where)},
                 {"when", schedule.when},
                 {"priority", schedule.priority}};
    if (schedule.at_once)
        written["at_once"] = true;
    if (!schedule.from.empty())
        written["from"] = schedule.from;
    if (!schedule.until.empty())
        written["until"] = schedule.until;
    if (schedule.margin_minutes != 0)
        written["margin_minutes"] = schedule.margin_minutes;
    if (schedule.share_percent != 100)
        written["share_percent"] = schedule.share_percent;
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
    CAPSULE_CHECK(read_calendar(programme, fields));
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
    Json document{{"format", 1},
                  {"requires", Json::array()},
                  {"number", programme.number},
                  {"published_at", to_rfc3339(programme.published_at)},
                  {"capsules", std::move(capsules)},
                  {"playlists", std::move(playlists)},
                  {"schedules", std::move(schedules)},
                  {"directory", std::move(directory)}};
    if (!programme.school_holidays.empty())
        document["calendar"]["school_holidays"] = to_json(programme.school_holidays);
    return model::write_document(document);
}

} // namespace capsule
