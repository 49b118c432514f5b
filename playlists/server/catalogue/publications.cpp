#include "playlists/server/catalogue/publications.hpp"

#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <utility>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr int most_listed = 200;
constexpr const char* directory_kind = "directory";

// {"records": [[kind, id, record as text], …], "directory": text or null}. Records stay the text that they were.
Result<std::string> draft_of(sqlite::Database& database) {
    Json records = Json::array();
    CAPSULE_TRY(select, database.prepare("SELECT kind, id, record FROM records ORDER BY kind, id"));
    for (;;) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            break;
        records.push_back({select.text(0), select.text(1), select.text(2)});
    }
    CAPSULE_TRY(directory, database.prepare("SELECT document FROM directory"));
    CAPSULE_TRY(there, directory.step());
    return Json{{"records", std::move(records)}, {"directory", there ? Json(directory.text(0)) : Json()}}.dump();
}

// By kind and id. The directory is one of them, under a kind of its own.
Result<std::map<std::pair<std::string, std::string>, std::string>> records_of(const std::string& draft_text) {
    CAPSULE_TRY(draft, json::parse_strict(draft_text, {.bytes = 256u << 20, .floats = false}));
    std::map<std::pair<std::string, std::string>, std::string> records;
    for (const Json& record : draft.at("records"))
        records[{record.at(0).get<std::string>(), record.at(1).get<std::string>()}] = record.at(2).get<std::string>();
    if (!draft.at("directory").is_null())
        records[{directory_kind, {}}] = draft.at("directory").get<std::string>();
    return records;
}

Result<std::string> kept_draft(sqlite::Database& database, std::int64_t number) {
    CAPSULE_TRY(select, database.prepare("SELECT draft FROM publications WHERE number=?1"));
    select.bind(1, number);
    CAPSULE_TRY(row, select.step());
    if (!row)
        return Error{Category::missing, "there was no publication " + std::to_string(number) + ": choose one of the list"};
    if (select.is_null(0))
        return Error{Category::missing, "the state of publication " + std::to_string(number) + " is not kept any more: the newest " +
                                            std::to_string(most_kept_drafts) + " are"};
    return select.text(0);
}

} // namespace

std::string_view publications_schema() {
    return "CREATE TABLE publications(number INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, login TEXT NOT NULL, restores INTEGER,"
           " changes TEXT NOT NULL, draft TEXT) STRICT;";
}

Result<void> keep_publication(sqlite::Database& database, const PublicationNote& note) {
    CAPSULE_TRY(draft, draft_of(database));
    CAPSULE_TRY(insert, database.prepare("INSERT INTO publications(number, at_ms, login, restores, changes, draft)"
                                         " VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(number) DO NOTHING"));
    insert.bind(1, note.number);
    insert.bind(2, to_ms(note.at));
    insert.bind(3, std::string_view(note.login));
    if (note.restores)
        insert.bind(4, *note.restores);
    insert.bind(5, std::string_view(note.changes));
    insert.bind(6, std::string_view(draft));
    CAPSULE_CHECK(insert.run());
    CAPSULE_TRY(drop, database.prepare("UPDATE publications SET draft=NULL WHERE number<=?1 AND draft IS NOT NULL"));
    drop.bind(1, note.number - most_kept_drafts);
    return drop.run();
}

Result<std::string> list_publications(sqlite::Database& database) {
    CAPSULE_TRY(select, database.prepare("SELECT number, at_ms, login, restores, changes, draft IS NOT NULL FROM publications"
                                         " ORDER BY number DESC LIMIT ?1"));
    select.bind(1, std::int64_t{most_listed});
    Json list = Json::array();
    for (;;) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            return Json{{"publications", std::move(list)}}.dump();
        list.push_back({{"number", select.integer(0)},
                        {"published_at", to_rfc3339(instant_from_ms(select.integer(1)))},
                        {"by", select.text(2)},
                        {"restores", select.is_null(3) ? Json() : Json(select.integer(3))},
                        {"changes", Json::parse(select.text(4), nullptr, false)},
                        {"restorable", select.integer(5) != 0}});
    }
}

Result<std::vector<RestoredRecord>> changes_of_restoring(sqlite::Database& database, std::int64_t number) {
    CAPSULE_TRY(wanted_text, kept_draft(database, number));
    CAPSULE_TRY(present_text, draft_of(database));
    CAPSULE_TRY(wanted, records_of(wanted_text));
    CAPSULE_TRY(present, records_of(present_text));
    std::vector<RestoredRecord> changes;
    for (const auto& [name, record] : present)
        if (!wanted.contains(name) && name.first != "capsule")
            changes.push_back({name.first, name.second, record, std::nullopt});
    for (const auto& [name, record] : wanted)
        if (const auto found = present.find(name); found == present.end() || found->second != record)
            changes.push_back({name.first, name.second,
                               found == present.end() ? std::optional<std::string>{} : std::optional(found->second), record});
    return changes;
}

Result<std::vector<RestoredRecord>> restore_draft(sqlite::Database& database, std::int64_t number, Instant now) {
    CAPSULE_TRY(changes, changes_of_restoring(database, number));
    CAPSULE_TRY(remove, database.prepare("DELETE FROM records WHERE kind=?1 AND id=?2"));
    CAPSULE_TRY(insert,
                database.prepare("INSERT INTO records(kind, id, record, changed_ms) VALUES(?1, ?2, ?3, ?4)"
                                 " ON CONFLICT(kind, id) DO UPDATE SET record=excluded.record, changed_ms=excluded.changed_ms"));
    CAPSULE_TRY(no_directory, database.prepare("DELETE FROM directory"));
    CAPSULE_TRY(directory, database.prepare("INSERT INTO directory(id, document) VALUES(1, ?1)"));
    for (const RestoredRecord& change : changes) {
        if (change.kind == directory_kind) {
            CAPSULE_CHECK(no_directory.run());
            if (change.after) {
                directory.bind(1, std::string_view(*change.after));
                CAPSULE_CHECK(directory.run());
            }
        } else if (!change.after) {
            remove.bind(1, std::string_view(change.kind));
            remove.bind(2, std::string_view(change.id));
            CAPSULE_CHECK(remove.run());
        } else {
            insert.bind(1, std::string_view(change.kind));
            insert.bind(2, std::string_view(change.id));
            insert.bind(3, std::string_view(*change.after));
            insert.bind(4, to_ms(now));
            CAPSULE_CHECK(insert.run());
        }
    }
    return changes;
}

} // namespace capsule::server
