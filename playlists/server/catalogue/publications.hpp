// What was published, by whom, and the draft as it was then, so that an earlier state can be published again. Reentrant; each call
// takes the caller's connection and runs inside the caller's transaction.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::server {

// DDL, SQLite.
std::string_view publications_schema();

// The drafts of older publications are dropped; that they took place stays known.
inline constexpr int most_kept_drafts = 50;

struct PublicationNote {
    std::int64_t number = 0;
    Instant at{};
    std::string login;
    std::optional<std::int64_t> restores; // the number of the state that was published again
    std::string changes;                  // JSON, as it was shown before
};

// Keeps the draft of this moment with it.
Result<void> keep_publication(sqlite::Database& database, const PublicationNote& note);

// The newest first: {"publications": [{"number", "published_at", "by", "restores", "changes", "restorable"}]}, 200 at most.
Result<std::string> list_publications(sqlite::Database& database);

// One record of the draft that another state would change. "directory" has no id.
struct RestoredRecord {
    std::string kind, id;                     // as the draft keeps them: "playlist", "school holidays"
    std::optional<std::string> before, after; // JSON text; empty: not there
};

// What restore_draft would change, and its errors.
Result<std::vector<RestoredRecord>> changes_of_restoring(sqlite::Database& database, std::int64_t number);

// The draft becomes what it was: playlists, schedules, school holidays and the directory as they were, no others; capsules as they were,
// later ones stay in the catalogue. Missing: no such publication, or its draft is not kept any more. Returns what it changed.
Result<std::vector<RestoredRecord>> restore_draft(sqlite::Database& database, std::int64_t number, Instant now);

} // namespace capsule::server
