#include "playlists/server/catalogue/catalogue.hpp"

#include "content/capsule/capsule.hpp"
#include "playlists/model/programme.hpp"
#include "playlists/schedule/school_calendar.hpp"
#include "playlists/server/catalogue/check.hpp"
#include "playlists/server/catalogue/places.hpp"
#include "playlists/server/codes/codes.hpp"
#include "playlists/server/database/records.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

std::string_view name_of(RecordKind kind) {
    switch (kind) {
    case RecordKind::capsule:
        return "capsule";
    case RecordKind::playlist:
        return "playlist";
    case RecordKind::school_holidays:
        return "school holidays";
    case RecordKind::schedule:
        break;
    }
    return "schedule";
}

const std::string school_holidays_id = "calendar"; // there is one

Result<void> check_template(const std::string& language, const std::string& text) {
    static constexpr std::array known = {"commune", "insee", "postcode", "theme"};
    const std::string where = "templates." + language + ": ";
    const std::size_t slash = std::min(language.find('/'), language.size());
    if (slash < 2 || slash > 35 || (slash < language.size() && !is_identifier(language.substr(slash + 1))))
        return Error{Category::invalid, where + "a language such as fr is expected, or a language and a theme such as fr/arnaques"};
    if (!text.starts_with("https://") && !text.starts_with("http://"))
        return Error{Category::invalid, where + "an address that starts with https:// is expected"};
    if (text.size() > 2000 || std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= ' ' || c >= 0x7f; }))
        return Error{Category::invalid, where + "an address has only ASCII characters and no spaces"};
    for (std::size_t open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
        const std::size_t close = text.find('}', open);
        const std::string name = close == std::string::npos ? "" : text.substr(open + 1, close - open - 1);
        if (std::find(known.begin(), known.end(), name) == known.end())
            return Error{Category::invalid,
                         where + "\"{" + name + "}\" is not known: use {commune}, {insee}, {postcode}, {theme}"};
    }
    return {};
}

} // namespace

std::string_view catalogue_schema() {
    return "CREATE TABLE records(kind TEXT NOT NULL, id TEXT NOT NULL, record TEXT NOT NULL, changed_ms INTEGER NOT NULL,"
           " PRIMARY KEY(kind, id)) STRICT;"
           "CREATE TABLE blob_types(sha256 TEXT PRIMARY KEY, type TEXT NOT NULL) STRICT;"
           "CREATE TABLE directory(id INTEGER PRIMARY KEY CHECK(id=1), document TEXT NOT NULL) STRICT;";
}

Result<std::string> Catalogue::list(sqlite::Database& database, RecordKind kind) const {
    CAPSULE_TRY(select, database.prepare("SELECT id, record FROM records WHERE kind=?1 ORDER BY id"));
    select.bind(1, name_of(kind));
    return records_as_object(select);
}

Result<std::string> Catalogue::get(sqlite::Database& database, RecordKind kind, const std::string& id) const {
    CAPSULE_TRY(select, database.prepare("SELECT record FROM records WHERE kind=?1 AND id=?2"));
    select.bind(1, name_of(kind));
    select.bind(2, std::string_view(id));
    CAPSULE_TRY(row, select.step());
    if (!row)
        return Error{Category::missing, "there is no " + std::string(name_of(kind)) + " \"" + id + "\""};
    return select.text(0);
}

Result<void> Catalogue::remove(sqlite::Database& database, RecordKind kind, const std::string& id) const {
    CAPSULE_TRY(statement, database.prepare("DELETE FROM records WHERE kind=?1 AND id=?2"));
    statement.bind(1, name_of(kind));
    statement.bind(2, std::string_view(id));
    return statement.run();
}

Result<bool> Catalogue::keep(sqlite::Database& database, RecordKind kind, const std::string& id, std::string_view record) const {
    const bool created = !get(database, kind, id).ok();
    CAPSULE_TRY(insert,
                database.prepare("INSERT INTO records(kind, id, record, changed_ms) VALUES(?1, ?2, ?3, ?4)"
                                 " ON CONFLICT(kind, id) DO UPDATE SET record=excluded.record, changed_ms=excluded.changed_ms"));
    insert.bind(1, name_of(kind));
    insert.bind(2, std::string_view(id));
    insert.bind(3, record);
    insert.bind(4, to_ms(m_clock.wall()));
    CAPSULE_CHECK(insert.run());
    return created;
}

Result<CapsuleKept> Catalogue::put_capsule(sqlite::Database& database, const std::string& id, std::string_view text) const {
    CAPSULE_TRY(record, parse_record(text));
    const auto capsule_id = CapsuleId::parse(id);
    if (!capsule_id)
        return Error{Category::invalid, "\"" + id + "\" is not an identifier"};
    record.erase("code"); // the server's to give
    CAPSULE_TRY(capsule, capsule_from_json(*capsule_id, record));
    CapsuleKept kept;
    const auto blobs = blobs_of(capsule);
    for (const BlobReference& blob : blobs)
        if (!m_store.has(blob.sha256, blob.bytes) &&
            std::find(kept.missing.begin(), kept.missing.end(), blob.sha256) == kept.missing.end())
            kept.missing.push_back(blob.sha256);
    if (!kept.missing.empty())
        return kept;

    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_TRY(code, code_for(database, m_random, CodeKind::capsule, id));
    record["code"] = kept.code = code;
    CAPSULE_CHECK(note_types(database, blobs));
    CAPSULE_TRY(created, keep(database, RecordKind::capsule, id, record.dump()));
    kept.created = created;
    CAPSULE_CHECK(transaction.commit());
    return kept;
}

Result<bool> Catalogue::put_playlist(sqlite::Database& database, const std::string& id, std::string_view text) const {
    CAPSULE_TRY(record, parse_record(text));
    const auto playlist_id = PlaylistId::parse(id);
    if (!playlist_id)
        return Error{Category::invalid, "\"" + id + "\" is not an identifier"};
    if (auto read = playlist_from_json(*playlist_id, record); !read)
        return read.error();
    return keep(database, RecordKind::playlist, id, record.dump());
}

Result<bool> Catalogue::put_schedule(sqlite::Database& database, const std::string& id, std::string_view text) const {
    CAPSULE_TRY(record, parse_record(text));
    if (record.contains("id") && record["id"] != id)
        return Error{Category::invalid, "id: the record bears another id than the address"};
    record["id"] = id;
    CAPSULE_TRY(schedule, schedule_from_json(record));
    CAPSULE_CHECK(readable_when(schedule));
    return keep(database, RecordKind::schedule, id, record.dump());
}

Result<std::string> Catalogue::directory(sqlite::Database& database) const {
    CAPSULE_TRY(document, directory_document(database));
    return document.dump();
}

Result<void> Catalogue::put_directory(sqlite::Database& database, std::string_view text) const {
    CAPSULE_TRY(document, parse_record(text));
    const auto templates = document.find("templates");
    if (templates == document.end() || !templates->is_object())
        return Error{Category::invalid, "templates: an object of addresses by language is expected"};
    for (const auto& [language, address] : templates->items()) {
        if (!address.is_string())
            return Error{Category::invalid, "templates." + language + ": a text is expected"};
        CAPSULE_CHECK(check_template(language, address.get<std::string>()));
    }
    CAPSULE_TRY(kept, directory_document(database));
    kept["templates"] = *templates;
    return keep_directory(database, kept);
}

Result<void> Catalogue::note_types(sqlite::Database& database, const std::vector<BlobReference>& blobs) const {
    CAPSULE_TRY(type, database.prepare("INSERT INTO blob_types(sha256, type) VALUES(?1, ?2)"
                                       " ON CONFLICT(sha256) DO UPDATE SET type=excluded.type"));
    for (const BlobReference& blob : blobs) {
        type.bind(1, std::string_view(blob.sha256.hex()));
        type.bind(2, std::string_view(blob.type));
        CAPSULE_CHECK(type.run());
    }
    return {};
}

Result<std::string> Catalogue::school_holidays(sqlite::Database& database) const {
    auto kept = get(database, RecordKind::school_holidays, school_holidays_id);
    if (!kept && kept.error().category == Category::missing)
        return std::string(R"({"school_holidays":[]})");
    return kept;
}

Result<std::vector<std::string>> Catalogue::put_school_holidays(sqlite::Database& database, std::string_view text) const {
    std::vector<std::string> warnings;
    Json document{{"school_holidays", Json::array()}};
    if (const std::size_t first = text.find_first_not_of(" \t\r\n"); first != std::string_view::npos && text[first] == '{') {
        CAPSULE_TRY(given, parse_record(text));
        CAPSULE_TRY(holidays, school_holidays_from_json(given.value("school_holidays", Json())));
        document["school_holidays"] = to_json(holidays);
    } else {
        CAPSULE_TRY(calendar, read_school_calendar(text));
        document["school_holidays"] = to_json(calendar.holidays);
        warnings = std::move(calendar.warnings);
    }
    CAPSULE_TRY(created, keep(database, RecordKind::school_holidays, school_holidays_id, document.dump()));
    (void)created;
    return warnings;
}

Result<std::string> Catalogue::type_of_blob(sqlite::Database& database, const Digest& digest) const {
    CAPSULE_TRY(select, database.prepare("SELECT type FROM blob_types WHERE sha256=?1"));
    select.bind(1, std::string_view(digest.hex()));
    CAPSULE_TRY(row, select.step());
    return row ? select.text(0) : std::string("application/octet-stream");
}

} // namespace capsule::server
