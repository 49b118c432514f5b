#include "content/base/encoding.hpp"
#include "content/capsule/nearest.hpp"
#include "content/capsule/table_reader.hpp"
#include "playlists/cli/files/playlist_file.hpp"
#include "playlists/cli/files/schedule_file.hpp"
#include "playlists/schedule/hours.hpp"

#include <algorithm>
#include <set>

namespace capsule::cli {

namespace {

template <typename Id>
Id identifier(TableReader& reader, std::string_view key) {
    const std::string value = reader.text(key, "a name of lower-case letters, digits and hyphens", Presence::needed);
    const auto id = Id::parse(value);
    if (!id && !value.empty())
        reader.complain(key, "\"" + value + "\" is no name: lower-case letters, digits and hyphens, such as \"" +
                                 suggest_identifier(value) + "\"");
    return id.value_or(Id{});
}

// "5min"; also `otherwise`, which means none at all.
Milliseconds span(TableReader& reader, std::string_view key, const char* otherwise) {
    if (!reader.has(key))
        return Milliseconds{0};
    const std::string value = reader.text(key, "a span such as \"5min\"");
    const bool none = otherwise && value == otherwise;
    const auto parsed = none ? std::optional(Milliseconds{0}) : parse_duration(value);
    const bool good = parsed && (none || *parsed > Milliseconds{0}) && *parsed <= std::chrono::hours{24};
    if (!good && !value.empty())
        reader.complain(key, "a span such as \"5min\"" + (otherwise ? " or \"" + std::string(otherwise) + "\"" : std::string()) +
                                 " is expected, a day at most, not \"" + value + "\"");
    return good ? *parsed : Milliseconds{0};
}

// The tables of [[key]].
std::vector<const TomlTable*> tables(TableReader& reader, std::string_view key) {
    std::vector<const TomlTable*> found;
    const auto* node = reader.get(key);
    const auto* list = node ? node->as<std::vector<TomlValue>>() : nullptr;
    if (!list || list->empty()) {
        reader.complain(key, "at least one [[" + std::string(key) + "]] is expected");
        return found;
    }
    for (const auto& member : *list) {
        if (const auto* table = member.as<TomlTable>())
            found.push_back(table);
        else
            reader.complain(key, member.line, "[[" + std::string(key) + "]] tables are expected");
    }
    return found;
}

const std::vector<std::string> facts = {"site", "screen", "commune", "ept", "type", "tag"};

Where read_where(TableReader& reader, const TomlValue& node, const std::string& key, int depth) {
    Where where;
    const auto* table = node.as<TomlTable>();
    std::vector<std::string> known = {"all", "any", "not"};
    known.insert(known.end(), facts.begin(), facts.end());
    if (!table || table->entries.size() != 1 || depth > 8) {
        reader.complain(key, node.line, "one condition such as { site = \"fs-antony\" } or { any = [ … ] } is expected");
        return where;
    }
    const std::string& word = table->entries.front().key;
    const TomlValue& value = table->entries.front().value;
    if (word == "not") {
        where.kind = Where::Kind::negation;
        where.operands.push_back(read_where(reader, value, key + ".not", depth + 1));
    } else if (word == "all" || word == "any") {
        where.kind = word == "all" ? Where::Kind::all : Where::Kind::any;
        const auto* list = value.as<std::vector<TomlValue>>();
        if (!list)
            reader.complain(key + "." + word, value.line, "a list of conditions in square brackets is expected");
        else
            for (const auto& member : *list)
                where.operands.push_back(read_where(reader, member, key + "." + word, depth + 1));
    } else if (std::find(facts.begin(), facts.end(), word) != facts.end()) {
        where.kind = Where::Kind::fact;
        where.fact = word;
        where.value = reader.inside(*table, key + ".").text(word, "a name or code");
    } else {
        const auto meant = nearest_of(known, word);
        reader.complain(key + "." + word, value.line,
                        "unknown condition" + (meant ? "; did you mean \"" + *meant + "\"?" : std::string()));
    }
    return where;
}

void read_languages(TableReader& reader, Playlist& playlist) {
    const auto* languages = reader.get("languages");
    const auto* parts = languages ? languages->as<TomlTable>() : nullptr;
    if (languages && !parts)
        reader.complain("languages", "parts by language such as { fr = 3, ar = 1 } are expected");
    if (!parts)
        return;
    TableReader entry = reader.inside(*parts, "languages.");
    for (const TomlEntry& part : parts->entries)
        playlist.languages[part.key] = entry.number(part.key, 1, 1000).value_or(1);
}

PlaylistItem read_item(TableReader& reader, std::set<CapsuleId>& seen) {
    PlaylistItem item;
    if (reader.get("playlist")) {
        reader.only({"playlist", "weight"});
        item.playlist = identifier<PlaylistId>(reader, "playlist");
        item.weight = reader.number("weight", 0, 1000).value_or(0);
        return item;
    }
    reader.only({"capsule", "playlist", "weight", "at_least_per_hour", "at_most_per_hour", "volume", "not_again_within", "duration",
                 "qr_card_after"});
    item.capsule = identifier<CapsuleId>(reader, "capsule");
    item.weight = reader.number("weight", 1, 1000).value_or(1);
    item.at_least_per_hour = reader.number("at_least_per_hour", 1, 1000);
    item.at_most_per_hour = reader.number("at_most_per_hour", 1, 1000);
    item.volume = reader.number("volume", 0, 100).value_or(100);
    item.not_again_within = span(reader, "not_again_within", nullptr);
    item.duration = span(reader, "duration", nullptr);
    item.qr_card_after = reader.flag("qr_card_after", false);
    if (!item.capsule.empty() && !seen.insert(item.capsule).second)
        reader.complain("capsule", reader.line(), "\"" + item.capsule.text() + "\" stands twice: give it a weight instead");
    return item;
}

// A date or date and time, local to the site.
std::string read_moment(TableReader& reader, std::string_view key) {
    const auto* node = reader.get(key);
    if (!node)
        return {};
    const auto* value = node->as<std::string>();
    if (value && parse_local_moment(*value))
        return *value;
    reader.complain(key, "a date such as \"2026-11-24\" or \"2026-11-24T08:30:00\" is expected, in quotation marks");
    return {};
}

} // namespace

Result<bool> is_schedule_file(std::string_view text, const std::string& name) {
    CAPSULE_TRY(table, parse_toml(text, name));
    return table.find("schedule") != nullptr;
}

Result<Playlist> playlist_from_toml(std::string_view text, const std::string& name) {
    CAPSULE_TRY(table, parse_toml(text, name));
    std::string complaint;
    TableReader reader(table, "", name, complaint);
    reader.only({"id", "title", "order", "qr_card_every", "not_again_within", "themes_apart", "still_duration", "languages", "calm_percent",
                 "calm_duration", "item"});
    Playlist playlist;
    playlist.id = identifier<PlaylistId>(reader, "id");
    playlist.title = reader.text("title", "a title", Presence::needed);
    playlist.order =
        reader.one_of("order", {"listed", "shuffle"}, "listed") == "shuffle" ? PlaylistOrder::shuffle : PlaylistOrder::listed;
    playlist.qr_card_every = span(reader, "qr_card_every", "never");
    playlist.not_again_within = span(reader, "not_again_within", nullptr);
    playlist.themes_apart = reader.flag("themes_apart", false);
    playlist.still_duration = span(reader, "still_duration", nullptr);
    playlist.calm_percent = reader.number("calm_percent", 0, 90).value_or(0);
    if (reader.get("calm_duration"))
        playlist.calm_duration = span(reader, "calm_duration", nullptr);
    read_languages(reader, playlist);
    std::set<CapsuleId> seen;
    for (const auto* item_table : tables(reader, "item")) {
        TableReader item_reader = reader.inside(*item_table, "item.");
        playlist.items.push_back(read_item(item_reader, seen));
    }
    if (!complaint.empty())
        return Error{Category::invalid, complaint};
    return playlist;
}

Result<ScheduleFile> schedules_from_toml(std::string_view text, const std::string& name) {
    CAPSULE_TRY(table, parse_toml(text, name));
    std::string complaint;
    TableReader reader(table, "", name, complaint);
    reader.only({"schedule", "directory"});
    ScheduleFile file;
    std::set<ScheduleId> seen;
    for (const auto* schedule_table : tables(reader, "schedule")) {
        TableReader entry = reader.inside(*schedule_table, "schedule.");
        entry.only({"id", "playlist", "where", "when", "priority", "at_once", "from", "until", "margin_minutes", "share_percent"});
        Schedule schedule;
        schedule.id = identifier<ScheduleId>(entry, "id");
        schedule.playlist = identifier<PlaylistId>(entry, "playlist");
        if (const auto* where = entry.get("where"))
            schedule.where = read_where(entry, *where, "where", 0);
        if (entry.has("when")) {
            schedule.when = entry.text("when", "\"open\", \"always\" or opening hours");
            if (schedule.when != "open" && schedule.when != "always" && !schedule.when.empty())
                if (const auto hours = parse_hours(schedule.when, SchoolHolidays::known); !hours)
                    entry.complain("when", "\"open\", \"always\" or opening hours are expected: " + hours.error().message);
        }
        schedule.priority = entry.number("priority", -1000, 1000).value_or(0);
        schedule.at_once = entry.flag("at_once", false);
        schedule.from = read_moment(entry, "from");
        schedule.until = read_moment(entry, "until");
        if (!schedule.from.empty() && !schedule.until.empty() && schedule.until <= schedule.from)
            entry.complain("until", "does not come after from");
        schedule.margin_minutes = entry.number("margin_minutes", 0, 240).value_or(0);
        schedule.share_percent = entry.number("share_percent", 1, 100).value_or(100);
        if (!schedule.id.empty() && !seen.insert(schedule.id).second)
            entry.complain("id", entry.line(), "\"" + schedule.id.text() + "\" stands twice");
        file.schedules.push_back(std::move(schedule));
    }
    if (const auto* directory = reader.get("directory")) {
        if (const auto* templates = directory->as<TomlTable>()) {
            TableReader entry = reader.inside(*templates, "directory.");
            for (const TomlEntry& address : templates->entries)
                file.directory[address.key] = entry.text(address.key, "an address such as \"https://…{commune}…\"");
        } else {
            reader.complain("directory", "a table of addresses by language is expected");
        }
    }
    if (!complaint.empty())
        return Error{Category::invalid, complaint};
    return file;
}

} // namespace capsule::cli
