// The draft: capsules, playlists, schedules, the directory. Thread-safe; each call takes the caller's connection.
// Records go in and out as JSON text; they are what stands in programme.json, plus fields that are not published (a capsule's
// "rights").
#pragma once

#include "content/base/clock.hpp"
#include "content/base/digest.hpp"
#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "content/capsule/capsule.hpp"
#include "content/lib/sqlite/database.hpp"
#include "content/store/store.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::server {

// DDL, SQLite.
std::string_view catalogue_schema();

enum class RecordKind { capsule, playlist, schedule, school_holidays };

struct CapsuleKept {
    bool created = false;
    std::string code;
    std::vector<Digest> missing; // not empty: nothing was kept, these blobs must come first
};

class Catalogue {
public:
    // Keeps references.
    Catalogue(const Clock& clock, Random& random, const Store& store) : m_clock(clock), m_random(random), m_store(store) {}

    // {"<id>": record, …}
    Result<std::string> list(sqlite::Database& database, RecordKind kind) const;
    // Missing when there is none of that id.
    Result<std::string> get(sqlite::Database& database, RecordKind kind, const std::string& id) const;
    // Well also when it was not there.
    Result<void> remove(sqlite::Database& database, RecordKind kind, const std::string& id) const;

    // Invalid when the record cannot be read (names the field).
    Result<CapsuleKept> put_capsule(sqlite::Database& database, const std::string& id, std::string_view record) const;
    // True: it is new.
    Result<bool> put_playlist(sqlite::Database& database, const std::string& id, std::string_view record) const;
    // `record` may bear the id or not; another id is invalid.
    Result<bool> put_schedule(sqlite::Database& database, const std::string& id, std::string_view record) const;

    // {"templates": {…}, "places": …}, see places.hpp
    Result<std::string> directory(sqlite::Database& database) const;
    // {"templates": {…}}; the places stay. Invalid when a template is no https:// or http:// address, has an unknown placeholder, or
    // stands under something else than a language ("fr") or a language and a theme ("fr/arnaques").
    Result<void> put_directory(sqlite::Database& database, std::string_view document) const;

    // {"school_holidays": [{"name", "from", "until"}, …]}, as in programme.json.
    Result<std::string> school_holidays(sqlite::Database& database) const;
    // `calendar` is a file of the ministry's calendar (schedule/school_calendar.hpp), or that JSON. Returns what of it does not count.
    Result<std::vector<std::string>> put_school_holidays(sqlite::Database& database, std::string_view calendar) const;

    // What these blobs are, for those who fetch them.
    Result<void> note_types(sqlite::Database& database, const std::vector<BlobReference>& blobs) const;
    // As noted, by the capsules that name it or by who made it; "application/octet-stream" when none does.
    Result<std::string> type_of_blob(sqlite::Database& database, const Digest& digest) const;

private:
    Result<bool> keep(sqlite::Database& database, RecordKind kind, const std::string& id, std::string_view record) const;

    const Clock& m_clock;
    Random& m_random;
    const Store& m_store;
};

} // namespace capsule::server
