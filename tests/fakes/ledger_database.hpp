// The server's ledger in a database of its own, in a temporary folder.
#pragma once

#include "playlists/server/ledger/accept.hpp"
#include "playlists/server/ledger/late_rows.hpp"
#include "playlists/server/ledger/losses.hpp"
#include "playlists/server/ledger/schema.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace capsule {

class LedgerDatabase {
public:
    LedgerDatabase() : m_database(open(m_folder.path() / "server.db")) {}

    sqlite::Database& database() { return m_database; }
    Path path() const { return m_folder.path() / "server.db"; }

    server::BatchOutcome take(const std::string& device, const std::string& journal, std::string_view ndjson,
                              Instant received_at = *parse_rfc3339("2026-12-01T00:00:00Z")) {
        auto outcome = server::accept_batch(m_database, {device, journal, ndjson, {"digest", "7", "input", "signature"}, received_at},
                                            [](const SiteId& site) { return site.text() == "reunion" ? std::string("Indian/Reunion") : ""; });
        if (!outcome)
            throw std::runtime_error(outcome.error().message);
        return *outcome;
    }
    // The first column of a query, as text.
    std::vector<std::string> column(const std::string& sql) {
        auto select = m_database.prepare(sql);
        if (!select)
            throw std::runtime_error(select.error().message);
        std::vector<std::string> out;
        while (*select->step())
            out.push_back(select->text(0));
        return out;
    }
    std::vector<std::string> kept() { return column("SELECT bytes FROM ledger_row ORDER BY journal_id, seq"); }

private:
    static sqlite::Database open(const Path& path) {
        auto opened = sqlite::Database::open(path);
        if (!opened || !opened->execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF") ||
            !opened->execute(server::ledger_schema()) || !opened->execute(server::losses_schema()) ||
            !opened->execute(server::ledger_rollup_schema()) || !opened->execute(server::ledger_packed_schema()) ||
            !opened->execute(server::late_rows_schema()))
            throw std::runtime_error("cannot make the test database");
        return *std::move(opened);
    }

    TemporaryFolder m_folder;
    sqlite::Database m_database;
};

} // namespace capsule
