#include "content/base/encoding.hpp"
#include "content/capsule/nearest.hpp"
#include "playlists/cli/files/playlist_file.hpp"
#include "playlists/cli/files/schedule_file.hpp"
#include "playlists/schedule/hours.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <set>

namespace capsule::cli {

namespace {

// One table being read; the first complaint of the file is kept.
class Reader {
public:
    Reader(const toml::table& table, std::string prefix, const std::string& name, std::string& complaint)
        : m_table(table), m_prefix(std::move(prefix)), m_name(name), m_complaint(complaint) {}

    void only(const std::vector<std::string>& known) {
        for (auto&& [key, node] : m_table) {
            const std::string word(key.str());
            if (std::find(known.begin(), known.end(), word) != known.end())
                continue;
            const auto meant = nearest_of(known, word);
            complain(word, key.source().begin.line, meant ? "unknown key; did you mean \"" + *meant + "\"?" : "unknown key");
        }
    }
    const toml::node* get(std::string_view key) const { return m_table.get(key); }

    std::string text(std::string_view key, const char* expected, bool needed) {
        const auto* node = m_table.get(key);
        if (!node) {
            if (needed)
                complain(key, line_of_table(), "is missing: " + std::string(expected) + " is expected");
            return {};
        }
        const auto value = node->value_exact<std::string>();
        if (!value || value->empty() || value->size() > 1000 || !is_utf8(*value)) {
            complain(key, line(*node), std::string(expected) + " is expected, in quotation marks");
            return {};
        }
        return *value;
    }
    template <typename Id>
    Id identifier(std::string_view key) {
        const std::string value = text(key, "a name of lower-case letters, digits and hyphens", true);
        const auto id = Id::parse(value);
        if (!id && !value.empty())
            complain(key, line(*get(key)),
                     "\"" + value + "\" is no name: lower-case letters, digits and hyphens, such as \"" +
                         suggest_identifier(value) + "\"");
        return id.value_or(Id{});
    }
    std::string one_of(std::string_view key, const std::vector<std::string>& known, const std::string& otherwise) {
        if (!get(key))
            return otherwise;
        const std::string value = text(key, known.front().c_str(), false);
        if (value.empty() || std::find(known.begin(), known.end(), value) != known.end())
            return value;
        std::string list;
        for (const auto& word : known)
            list += (list.empty() ? "\"" : " or \"") + word + "\"";
        const auto meant = nearest_of(known, value);
        complain(key, line(*get(key)),
                 list + " is expected, not \"" + value + "\"" + (meant ? "; did you mean \"" + *meant + "\"?" : ""));
        return otherwise;
    }
    std::optional<int> number(std::string_view key, int least, int most) {
        const auto* node = m_table.get(key);
        if (!node)
            return std::nullopt;
        const auto value = node->value_exact<std::int64_t>();
        if (!value || *value < least || *value > most) {
            complain(key, line(*node),
                     "a whole number from " + std::to_string(least) + " to " + std::to_string(most) + " is expected");
            return std::nullopt;
        }
        return static_cast<int>(*value);
    }
    bool flag(std::string_view key) {
        const auto* node = m_table.get(key);
        const auto value = node ? node->value_exact<bool>() : std::optional(false);
        if (!value)
            complain(key, line(*node), "true or false is expected");
        return value.value_or(false);
    }
    // "5min"; also `otherwise`, which means none at all.
    Milliseconds span(std::string_view key, const char* otherwise) {
        if (!get(key))
            return Milliseconds{0};
        const std::string value = text(key, "a span such as \"5min\"", false);
        const bool none = otherwise && value == otherwise;
        const auto parsed = none ? std::optional(Milliseconds{0}) : parse_duration(value);
        const bool good = parsed && (none || *parsed > Milliseconds{0}) && *parsed <= std::chrono::hours{24};
        if (!good && !value.empty())
            complain(key, line(*get(key)),
                     "a span such as \"5min\"" + (otherwise ? " or \"" + std::string(otherwise) + "\"" : std::string()) +
                         " is expected, a day at most, not \"" + value + "\"");
        return good ? *parsed : Milliseconds{0};
    }

    static std::uint32_t line(const toml::node& node) { return node.source().begin.line; }
    std::uint32_t line_of_table() const { return std::max(1u, m_table.source().begin.line); }
    void complain(std::string_view key, std::uint32_t at, const std::string& what) {
        if (m_complaint.empty())
            m_complaint = m_name + ":" + std::to_string(at) + ": " + m_prefix + std::string(key) + ": " + what;
    }
    Reader inside(const toml::table& table, std::string prefix) const { return {table, std::move(prefix), m_name, m_complaint}; }

private:
    const toml::table& m_table;
    std::string m_prefix;
    const std::string& m_name;
    std::string& m_complaint;
};

Result<toml::table> parse(std::string_view text, const std::string& name) {
    if (text.size() > 1u << 20)
        return Error{Category::invalid, name + " is larger than 1 MiB: this is no file of this kind"};
    if (!is_utf8(text))
        return Error{Category::invalid, name + " is not UTF-8: save it as UTF-8"};
    try {
        return toml::parse(text, name);
    } catch (const toml::parse_error& error) {
        return Error{Category::invalid,
                     name + ":" + std::to_string(error.source().begin.line) + ": " + std::string(error.description())};
    }
}

// The tables of [[key]].
std::vector<const toml::table*> tables(Reader& reader, std::string_view key) {
    std::vector<const toml::table*> found;
    const auto* node = reader.get(key);
    const auto* list = node ? node->as_array() : nullptr;
    if (!list || list->empty()) {
        reader.complain(key, node ? Reader::line(*node) : 1, "at least one [[" + std::string(key) + "]] is expected");
        return found;
    }
    for (const auto& member : *list) {
        if (const auto* table = member.as_table())
            found.push_back(table);
        else
            reader.complain(key, Reader::line(member), "[[" + std::string(key) + "]] tables are expected");
    }
    return found;
}

const std::vector<std::string> facts = {"site", "screen", "commune", "ept", "type", "tag"};

Where read_where(Reader& reader, const toml::node& node, const std::string& key, int depth) {
    Where where;
    const auto* table = node.as_table();
    std::vector<std::string> known = {"all", "any", "not"};
    known.insert(known.end(), facts.begin(), facts.end());
    if (!table || table->size() != 1 || depth > 8) {
        reader.complain(key, Reader::line(node), "one condition such as { site = \"fs-antony\" } or { any = [ … ] } is expected");
        return where;
    }
    const std::string word(table->begin()->first.str());
    const toml::node& value = table->begin()->second;
    if (word == "not") {
        where.kind = Where::Kind::negation;
        where.operands.push_back(read_where(reader, value, key + ".not", depth + 1));
    } else if (word == "all" || word == "any") {
        where.kind = word == "all" ? Where::Kind::all : Where::Kind::any;
        const auto* list = value.as_array();
        if (!list)
            reader.complain(key + "." + word, Reader::line(value), "a list of conditions in square brackets is expected");
        else
            for (const auto& member : *list)
                where.operands.push_back(read_where(reader, member, key + "." + word, depth + 1));
    } else if (std::find(facts.begin(), facts.end(), word) != facts.end()) {
        where.kind = Where::Kind::fact;
        where.fact = word;
        where.value = reader.inside(*table, key + ".").text(word, "a name or code", true);
    } else {
        const auto meant = nearest_of(known, word);
        reader.complain(key + "." + word, Reader::line(value),
                        "unknown condition" + (meant ? "; did you mean \"" + *meant + "\"?" : std::string()));
    }
    return where;
}

void read_languages(Reader& reader, Playlist& playlist) {
    const auto* languages = reader.get("languages");
    const auto* parts = languages ? languages->as_table() : nullptr;
    if (languages && !parts)
        reader.complain("languages", Reader::line(*languages), "parts by language such as { fr = 3, ar = 1 } are expected");
    if (!parts)
        return;
    Reader entry = reader.inside(*parts, "languages.");
    for (auto&& [language, part] : *parts)
        playlist.languages[std::string(language.str())] = entry.number(language.str(), 1, 1000).value_or(1);
}

PlaylistItem read_item(Reader& reader, std::set<CapsuleId>& seen) {
    PlaylistItem item;
    if (reader.get("playlist")) {
        reader.only({"playlist", "weight"});
        item.playlist = reader.identifier<PlaylistId>("playlist");
        item.weight = reader.number("weight", 0, 1000).value_or(0);
        return item;
    }
    reader.only({"capsule", "playlist", "weight", "at_least_per_hour", "at_most_per_hour", "volume", "not_again_within", "duration",
                 "qr_card_after"});
    item.capsule = reader.identifier<CapsuleId>("capsule");
    item.weight = reader.number("weight", 1, 1000).value_or(1);
    item.at_least_per_hour = reader.number("at_least_per_hour", 1, 1000);
    item.at_most_per_hour = reader.number("at_most_per_hour", 1, 1000);
    item.volume = reader.number("volume", 0, 100).value_or(100);
    item.not_again_within = reader.span("not_again_within", nullptr);
    item.duration = reader.span("duration", nullptr);
    item.qr_card_after = reader.flag("qr_card_after");
    if (!item.capsule.empty() && !seen.insert(item.capsule).second)
        reader.complain("capsule", reader.line_of_table(), "\"" + item.capsule.text() + "\" stands twice: give it a weight instead");
    return item;
}

// A date or date and time, local to the site.
std::string read_moment(Reader& reader, std::string_view key) {
    const auto* node = reader.get(key);
    if (!node)
        return {};
    const auto value = node->value_exact<std::string>();
    if (value && parse_local_moment(*value))
        return *value;
    reader.complain(key, Reader::line(*node), "a date such as \"2026-11-24\" or \"2026-11-24T08:30:00\" is expected, in quotation marks");
    return {};
}

} // namespace

Result<bool> is_schedule_file(std::string_view text, const std::string& name) {
    CAPSULE_TRY(table, parse(text, name));
    return table.contains("schedule");
}

Result<Playlist> playlist_from_toml(std::string_view text, const std::string& name) {
    CAPSULE_TRY(table, parse(text, name));
    std::string complaint;
    Reader reader(table, "", name, complaint);
    reader.only({"id", "title", "order", "qr_card_every", "not_again_within", "themes_apart", "still_duration", "languages", "calm_percent",
                 "calm_duration", "item"});
    Playlist playlist;
    playlist.id = reader.identifier<PlaylistId>("id");
    playlist.title = reader.text("title", "a title", true);
    playlist.order =
        reader.one_of("order", {"listed", "shuffle"}, "listed") == "shuffle" ? PlaylistOrder::shuffle : PlaylistOrder::listed;
    playlist.qr_card_every = reader.span("qr_card_every", "never");
    playlist.not_again_within = reader.span("not_again_within", nullptr);
    playlist.themes_apart = reader.flag("themes_apart");
    playlist.still_duration = reader.span("still_duration", nullptr);
    playlist.calm_percent = reader.number("calm_percent", 0, 90).value_or(0);
    if (reader.get("calm_duration"))
        playlist.calm_duration = reader.span("calm_duration", nullptr);
    read_languages(reader, playlist);
    std::set<CapsuleId> seen;
    for (const auto* item_table : tables(reader, "item")) {
        Reader item_reader = reader.inside(*item_table, "item.");
        playlist.items.push_back(read_item(item_reader, seen));
    }
    if (!complaint.empty())
        return Error{Category::invalid, complaint};
    return playlist;
}

Result<ScheduleFile> schedules_from_toml(std::string_view text, const std::string& name) {
    CAPSULE_TRY(table, parse(text, name));
    std::string complaint;
    Reader reader(table, "", name, complaint);
    reader.only({"schedule", "directory"});
    ScheduleFile file;
    std::set<ScheduleId> seen;
    for (const auto* schedule_table : tables(reader, "schedule")) {
        Reader entry = reader.inside(*schedule_table, "schedule.");
        entry.only({"id", "playlist", "where", "when", "priority", "at_once", "from", "until", "margin_minutes", "share_percent"});
        Schedule schedule;
        schedule.id = entry.identifier<ScheduleId>("id");
        schedule.playlist = entry.identifier<PlaylistId>("playlist");
        if (const auto* where = entry.get("where"))
            schedule.where = read_where(entry, *where, "where", 0);
        if (const auto* when = entry.get("when")) {
            schedule.when = entry.text("when", "\"open\", \"always\" or opening hours", false);
            if (schedule.when != "open" && schedule.when != "always" && !schedule.when.empty())
                if (const auto hours = parse_hours(schedule.when, SchoolHolidays::known); !hours)
                    entry.complain("when", Reader::line(*when),
                                   "\"open\", \"always\" or opening hours are expected: " + hours.error().message);
        }
        schedule.priority = entry.number("priority", -1000, 1000).value_or(0);
        schedule.at_once = entry.flag("at_once");
        schedule.from = read_moment(entry, "from");
        schedule.until = read_moment(entry, "until");
        if (!schedule.from.empty() && !schedule.until.empty() && schedule.until <= schedule.from)
            entry.complain("until", Reader::line(*entry.get("until")), "does not come after from");
        schedule.margin_minutes = entry.number("margin_minutes", 0, 240).value_or(0);
        schedule.share_percent = entry.number("share_percent", 1, 100).value_or(100);
        if (!schedule.id.empty() && !seen.insert(schedule.id).second)
            entry.complain("id", entry.line_of_table(), "\"" + schedule.id.text() + "\" stands twice");
        file.schedules.push_back(std::move(schedule));
    }
    if (const auto* directory = reader.get("directory")) {
        if (const auto* templates = directory->as_table()) {
            Reader entry = reader.inside(*templates, "directory.");
            for (auto&& [language, address] : *templates)
                file.directory[std::string(language.str())] =
                    entry.text(language.str(), "an address such as \"https://…{commune}…\"", true);
        } else {
            reader.complain("directory", Reader::line(*directory), "a table of addresses by language is expected");
        }
    }
    if (!complaint.empty())
        return Error{Category::invalid, complaint};
    return file;
}

} // namespace capsule::cli
