// The boots of each journal, and the time between two of them when the machine is known to have been off. Reentrant, within the
// caller's transaction.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "playlists/ledger/batch.hpp"
#include "playlists/server/ledger/coverage.hpp"

#include <cstdint>
#include <set>
#include <span>
#include <string>

namespace capsule::server {

class Boots {
public:
    Boots(sqlite::Database& database, Coverage& coverage) : m_database(database), m_coverage(coverage) {}

    // Rows that continue a journal, in their order; those that fill a hole in it are passed over.
    Result<void> add(std::int64_t journal_id, std::span<const ReceivedRow> rows);
    // The boot is placed otherwise than before.
    void placed_anew(const std::string& device, const std::string& boot) { m_changed.emplace(device, boot); }

    // Books the off time before and after each boot that changed.
    Result<void> write();

private:
    struct Record {
        std::int64_t journal_id = 0, first_seq = 0, last_seq = 0;
        std::string device, boot;
        std::int64_t last_boot_ms = 0;
        std::string first_screen, last_screen; // of its showings
        bool gap_before_first = false, gap_after_last = false;
    };
    struct OffTime {
        std::string screen;
        std::int64_t from_ms = 0, until_ms = 0; // UTC
        bool operator==(const OffTime&) const = default;
    };
    static void read_into(Record& record, const Row& row);
    Result<void> keep(const Record& record);
    Result<std::optional<Record>> last_of(std::int64_t journal_id);
    Result<std::optional<OffTime>> between(const Record& one, const Record& next);
    Result<void> book_before(const Record& next);

    sqlite::Database& m_database;
    Coverage& m_coverage;
    std::set<std::pair<std::string, std::string>> m_changed; // device, boot
};

} // namespace capsule::server
