#include "playlists/server/ledger/late_rows.hpp"

#include "playlists/server/ledger/losses.hpp"

#include <optional>
#include <string>

namespace capsule::server {

namespace {

struct KeptRow {
    std::string digest, bytes; // of the last row that retention took the digest alone
};

Result<std::optional<KeptRow>> kept_row(sqlite::Statement& select, std::int64_t journal_id, std::int64_t seq) {
    select.bind(1, journal_id);
    select.bind(2, seq);
    CAPSULE_TRY(there, select.step());
    std::optional<KeptRow> out;
    if (there)
        out = {select.text(0), select.text(1)};
    select.reset();
    return out;
}

} // namespace

Result<LateRows> sort_late_rows(sqlite::Database& database, std::int64_t journal_id, std::string_view device,
                                std::string_view journal, const std::vector<const ReceivedRow*>& rows) {
    LateRows out;
    std::vector<const ReceivedRow*> lost;
    for (const ReceivedRow* row : rows) {
        const std::int64_t seq = row->row.header.seq;
        CAPSULE_TRY(declared, is_declared_lost(database, device, journal, seq, seq));
        if (declared)
            lost.push_back(row);
    }
    if (lost.empty())
        return out;
    CAPSULE_TRY(select, database.prepare("SELECT digest, bytes FROM ledger_row WHERE journal_id=?1 AND seq=?2"
                                         " UNION ALL SELECT last_digest, x'' FROM ledger_dropped WHERE journal_id=?1 AND last_seq=?2"));
    for (std::size_t begin = 0, end = 0; begin < lost.size(); begin = end) {
        for (end = begin + 1; end < lost.size() && lost[end]->row.header.seq == lost[end - 1]->row.header.seq + 1;)
            ++end;
        const RowHeader& first = lost[begin]->row.header;
        CAPSULE_TRY(before, kept_row(select, journal_id, first.seq - 1));
        CAPSULE_TRY(behind, kept_row(select, journal_id, lost[end - 1]->row.header.seq + 1));
        bool proven = before ? before->digest == first.prev.hex() : first.seq == 1 && first.prev == Digest{};
        if (proven && behind) {
            const auto row = receive_row(behind->bytes);
            proven = row && row->row.header.prev == lost[end - 1]->digest;
        }
        for (std::size_t at = begin; at < end; ++at)
            if (proven)
                out.proven.push_back(*lost[at]);
            else
                out.apart.push_back(lost[at]);
    }
    return out;
}

Result<void> note_found(sqlite::Database& database, std::int64_t journal_id, std::string_view device, std::string_view journal,
                        std::int64_t first, std::int64_t last, std::int64_t found_ms) {
    CAPSULE_TRY(declared, count_declared_lost(database, device, journal, first, last));
    if (declared == 0)
        return {};
    CAPSULE_TRY(insert, database.prepare("INSERT INTO ledger_found(journal_id,seq,gap_journal_id,gap_seq,found_ms)"
                                         " SELECT ?1,?2,journal_id,seq,?5 FROM ledger_lost WHERE device=?3 AND journal=?4"
                                         " AND first_seq<=?2 AND last_seq>=?2 AND EXISTS(SELECT 1 FROM ledger_gap g WHERE"
                                         " g.journal_id=ledger_lost.journal_id AND g.seq=ledger_lost.seq)"
                                         " ORDER BY journal_id,seq LIMIT 1"));
    for (std::int64_t seq = first; seq <= last; ++seq) {
        insert.bind(1, journal_id);
        insert.bind(2, seq);
        insert.bind(3, device);
        insert.bind(4, journal);
        insert.bind(5, found_ms);
        CAPSULE_CHECK(insert.run());
    }
    return {};
}

std::string_view late_rows_schema() {
    return R"sql(
CREATE TABLE ledger_found(
    journal_id INTEGER NOT NULL REFERENCES ledger_journal(id),
    seq INTEGER NOT NULL,
    gap_journal_id INTEGER NOT NULL,
    gap_seq INTEGER NOT NULL,
    found_ms INTEGER NOT NULL,
    PRIMARY KEY(journal_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_found_by_gap ON ledger_found(gap_journal_id, gap_seq);
)sql";
}

} // namespace capsule::server
