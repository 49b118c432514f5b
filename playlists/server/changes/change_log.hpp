// The log of changes in the database. Thread-safe; each call takes the caller's connection and becomes part of its transaction when there
// is one.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/changes/change.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::server {

// DDL, SQLite.
std::string_view changes_schema();

class ChangeLog {
public:
    explicit ChangeLog(const Clock& clock) : m_clock(clock) {}

    // `change` without seq, at, prev, digest, which are given here. Nothing is written when before and after are the same text.
    Result<void> append(sqlite::Database& database, Change change) const;

    struct Filter {
        std::string who, subject, id; // empty: any
    };
    // Newest first, those below `before` (0: from the newest), at most `most`.
    Result<std::vector<Change>> newest(sqlite::Database& database, const Filter& filter, std::int64_t before, int most) const;
    // Oldest first, those above `after`, at most `most`.
    Result<std::vector<Change>> following(sqlite::Database& database, std::int64_t after, int most) const;
    // The last of one object.
    Result<std::optional<Change>> last_of(sqlite::Database& database, const std::string& subject, const std::string& id) const;
    // The last of all; empty: there is none.
    Result<std::optional<Change>> last(sqlite::Database& database) const;

private:
    const Clock& m_clock;
};

} // namespace capsule::server
