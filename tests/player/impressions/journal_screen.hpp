// A journal in a temporary folder, and hands to damage it.
#pragma once

#include "player/impressions/journal.hpp"
#include "playlists/ledger/batch.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace capsule::journaling {

struct Screen {
    TemporaryFolder folder;
    SystemDisk disk;
    SeededRandom random{1};
    JournalSettings settings{folder.path() / "journal", folder.path() / "set-aside", "5f0c9a1e22b47d10", "boot-1", 10, 1};

    Journal open() {
        auto journal = Journal::open(disk, random, settings);
        INFO((journal.ok() ? "" : journal.error().message));
        REQUIRE(journal.ok());
        return *std::move(journal);
    }
    std::vector<std::string> files() { return *disk.list(settings.folder); }
};

inline RowBody showing(std::int64_t boot_ms = 0) {
    ShowingRow row;
    row.boot_start_ms = row.boot_end_ms = boot_ms;
    row.capsule = *CapsuleId::parse("mot-de-passe");
    return row;
}

inline std::vector<ReceivedRow> rows_of(Journal& journal, const JournalSpan& span) {
    std::vector<ReceivedRow> out;
    for (std::int64_t seq = span.first_seq; seq <= span.last_seq;) {
        auto rows = journal.read_from(span.journal, seq, 7, 1 << 20);
        REQUIRE(rows.ok());
        REQUIRE_FALSE(rows->empty());
        for (const StoredRow& row : *rows) {
            auto received = receive_row(row.bytes);
            REQUIRE(received.ok());
            out.push_back(*received);
        }
        seq = rows->back().seq + 1;
    }
    return out;
}

inline void overwrite(const Path& path, std::size_t at, std::size_t length) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(at));
    file << std::string(length, '\x5a');
    REQUIRE(file.good());
}

} // namespace capsule::journaling
