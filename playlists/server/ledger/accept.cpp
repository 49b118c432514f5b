#include "playlists/server/ledger/accept.hpp"

#include "playlists/ledger/batch.hpp"
#include "playlists/server/ledger/book.hpp"
#include "playlists/server/ledger/late_rows.hpp"
#include "playlists/server/ledger/losses.hpp"

#include <algorithm>
#include <map>
#include <span>

namespace capsule::server {

namespace {

struct JournalState {
    std::int64_t id = 0;
    std::int64_t acked = 0;
    Digest last_digest;
    std::int64_t highest_seen = 0;
};

BatchOutcome invalid(std::int64_t acked, std::int64_t seq, std::string reason) {
    BatchOutcome outcome;
    outcome.acked = acked;
    outcome.problem = BatchOutcome::Problem::invalid;
    outcome.seq = seq;
    outcome.reason = std::move(reason);
    return outcome;
}

Result<std::optional<JournalState>> find_journal(sqlite::Database& database, const IncomingBatch& batch) {
    CAPSULE_TRY(select, database.prepare("SELECT id, acked, last_digest, highest_seen FROM ledger_journal WHERE device=?1 AND journal=?2"));
    select.bind(1, batch.device);
    select.bind(2, batch.journal);
    CAPSULE_TRY(there, select.step());
    if (!there)
        return std::optional<JournalState>{};
    return std::optional<JournalState>{
        {select.integer(0), select.integer(1), Digest::parse(select.text(2)).value_or(Digest{}), select.integer(3)}};
}

Result<JournalState> make_journal(sqlite::Database& database, const IncomingBatch& batch) {
    CAPSULE_TRY(insert, database.prepare("INSERT INTO ledger_journal(device,journal,acked,last_digest,highest_seen,first_received_ms,"
                                         "last_received_ms) VALUES(?1,?2,0,?3,0,?4,?4)"));
    insert.bind(1, batch.device);
    insert.bind(2, batch.journal);
    insert.bind(3, Digest{}.hex());
    insert.bind(4, to_ms(batch.received_at));
    CAPSULE_CHECK(insert.run());
    return JournalState{database.last_insert_rowid(), 0, {}, 0};
}

Result<void> update_journal(sqlite::Database& database, const JournalState& state, Instant received_at) {
    CAPSULE_TRY(update, database.prepare("UPDATE ledger_journal SET acked=?1, last_digest=?2, highest_seen=?3, last_received_ms=?4"
                                         " WHERE id=?5"));
    update.bind(1, state.acked);
    update.bind(2, state.last_digest.hex());
    update.bind(3, state.highest_seen);
    update.bind(4, to_ms(received_at));
    update.bind(5, state.id);
    return update.run();
}

// Digests of the kept rows `from` … `to`, by number.
Result<std::map<std::int64_t, std::string>> kept_digests(sqlite::Database& database, std::int64_t journal, std::int64_t from, std::int64_t to) {
    std::map<std::int64_t, std::string> out;
    CAPSULE_TRY(select, database.prepare("SELECT seq, digest FROM ledger_row WHERE journal_id=?1 AND seq>=?2 AND seq<=?3"));
    select.bind(1, journal);
    select.bind(2, from);
    select.bind(3, to);
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            return out;
        out[select.integer(0)] = select.text(1);
    }
}

Result<std::int64_t> keep_evidence(sqlite::Database& database, const IncomingBatch& batch, std::int64_t journal,
                                   std::span<const ReceivedRow> rows) {
    CAPSULE_TRY(insert, database.prepare("INSERT INTO ledger_batch(journal_id,first_seq,last_seq,received_ms,content_digest,counter,"
                                         "signature_input,signature) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"));
    insert.bind(1, journal);
    insert.bind(2, rows.front().row.header.seq);
    insert.bind(3, rows.back().row.header.seq);
    insert.bind(4, to_ms(batch.received_at));
    insert.bind(5, batch.evidence.content_digest);
    insert.bind(6, batch.evidence.counter);
    insert.bind(7, batch.evidence.signature_input);
    insert.bind(8, batch.evidence.signature);
    CAPSULE_CHECK(insert.run());
    return database.last_insert_rowid();
}

// Those of `forks` that are not kept apart yet: the same batch may come any number of times.
Result<std::vector<const ReceivedRow*>> new_forks(sqlite::Database& database, std::int64_t journal,
                                                  const std::vector<const ReceivedRow*>& forks) {
    std::vector<const ReceivedRow*> out;
    if (forks.empty())
        return out;
    CAPSULE_TRY(select, database.prepare("SELECT 1 FROM ledger_fork WHERE journal_id=?1 AND seq=?2 AND digest=?3"));
    for (const ReceivedRow* row : forks) {
        select.bind(1, journal);
        select.bind(2, row->row.header.seq);
        select.bind(3, row->digest.hex());
        CAPSULE_TRY(there, select.step());
        select.reset();
        if (!there)
            out.push_back(row);
    }
    return out;
}

Result<void> keep_forks(sqlite::Database& database, std::int64_t journal, std::int64_t batch_id, Instant received_at,
                        const std::vector<const ReceivedRow*>& forks) {
    CAPSULE_TRY(insert, database.prepare("INSERT INTO ledger_fork(journal_id,seq,digest,bytes,batch_id,received_ms) VALUES(?1,?2,?3,?4,?5,?6)"));
    for (const ReceivedRow* row : forks) {
        insert.bind(1, journal);
        insert.bind(2, row->row.header.seq);
        insert.bind(3, row->digest.hex());
        insert.bind_blob(4, row->bytes);
        insert.bind(5, batch_id);
        insert.bind(6, to_ms(received_at));
        CAPSULE_CHECK(insert.run());
    }
    return {};
}

Result<void> keep_rows(sqlite::Database& database, std::int64_t journal, std::int64_t batch_id, Instant received_at,
                       std::span<const ReceivedRow> rows) {
    CAPSULE_TRY(insert, database.prepare("INSERT INTO ledger_row(journal_id,seq,digest,bytes,batch_id,received_month) VALUES(?1,?2,?3,?4,?5,?6)"));
    const std::int64_t month = local_hour("UTC", received_at).day / 100;
    for (const ReceivedRow& row : rows) {
        insert.bind(1, journal);
        insert.bind(2, row.row.header.seq);
        insert.bind(3, row.digest.hex());
        insert.bind_blob(4, row.bytes);
        insert.bind(5, batch_id);
        insert.bind(6, month);
        CAPSULE_CHECK(insert.run());
    }
    return {};
}

// Rows that follow each other, or with holes between them.
Result<void> note_those_found(sqlite::Database& database, std::int64_t journal, const IncomingBatch& batch, std::span<const ReceivedRow> rows) {
    for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
        for (end = begin + 1; end < rows.size() && rows[end].row.header.seq == rows[end - 1].row.header.seq + 1;)
            ++end;
        CAPSULE_CHECK(note_found(database, journal, batch.device, batch.journal, rows[begin].row.header.seq,
                                 rows[end - 1].row.header.seq, to_ms(batch.received_at)));
    }
    return {};
}

// Reads the rows without the database. `problem` is set when one of them cannot stand.
std::vector<ReceivedRow> read_rows(const IncomingBatch& batch, BatchOutcome& problem) {
    std::vector<ReceivedRow> rows;
    Result<std::vector<std::string_view>> lines = split_batch(batch.ndjson);
    if (!lines) {
        problem = invalid(0, 0, lines.error().message);
        return rows;
    }
    for (const std::string_view line : *lines) {
        Result<ReceivedRow> row = receive_row(line);
        if (!row) {
            problem = invalid(0, rows.empty() ? 0 : rows.back().row.header.seq + 1,
                              "line " + std::to_string(rows.size() + 1) + ": " + row.error().message);
            return rows;
        }
        if (row->row.header.device != batch.device || row->row.header.journal != batch.journal) {
            problem = invalid(0, row->row.header.seq, "the row is of another device or journal than the request");
            return rows;
        }
        rows.push_back(*std::move(row));
    }
    const RowHeader& first = rows.front().row.header;
    if (const std::optional<ChainFault> fault = check_chain(first.prev, first.seq - 1, rows))
        problem = invalid(0, fault->seq, fault->reason);
    return rows;
}

} // namespace

Result<BatchOutcome> accept_batch(sqlite::Database& database, const IncomingBatch& batch, const SiteZones& zones) {
    BatchOutcome outcome;
    const std::vector<ReceivedRow> rows = read_rows(batch, outcome);

    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_TRY(found, find_journal(database, batch));
    if (outcome.problem != BatchOutcome::Problem::none) {
        outcome.acked = found ? found->acked : 0;
        return outcome;
    }
    JournalState state;
    if (found) {
        state = *found;
    } else {
        CAPSULE_TRY(made, make_journal(database, batch));
        state = made;
    }
    const std::int64_t first = rows.front().row.header.seq, last = rows.back().row.header.seq;
    outcome.acked = state.acked;
    bool behind_loss = false;
    if (first > state.acked + 1) {
        CAPSULE_TRY(lost, is_declared_lost(database, batch.device, batch.journal, state.acked + 1, first - 1));
        behind_loss = lost;
    }
    if (first > state.acked + 1 && !behind_loss) {
        outcome.problem = BatchOutcome::Problem::hole;
        outcome.reason = "rows " + std::to_string(state.acked + 1) + " to " + std::to_string(first - 1) + " are missing; send them first";
        // No screen is a thousand million rows ahead; the sum over all journals must not overflow.
        state.highest_seen = std::max(state.highest_seen, std::min(last, state.acked + 1'000'000'000));
        CAPSULE_CHECK(update_journal(database, state, batch.received_at));
        CAPSULE_CHECK(transaction.commit());
        return outcome;
    }

    // What is there already is compared, what was given up for lost is looked at; from the first row that differs on, all of the batch is another branch.
    CAPSULE_TRY(kept, kept_digests(database, state.id, first, std::min(last, state.acked)));
    std::vector<const ReceivedRow*> forks, absent;
    std::size_t fresh = 0;
    for (; fresh < rows.size() && rows[fresh].row.header.seq <= state.acked; ++fresh) {
        const auto same = kept.find(rows[fresh].row.header.seq);
        if (same == kept.end())
            absent.push_back(&rows[fresh]);
        else if (same->second != rows[fresh].digest.hex())
            forks.push_back(&rows[fresh]);
    }
    CAPSULE_TRY(late, sort_late_rows(database, state.id, batch.device, batch.journal, absent));
    forks.insert(forks.end(), late.apart.begin(), late.apart.end());
    std::span<const ReceivedRow> added = std::span(rows).subspan(fresh);
    if (!added.empty() && !behind_loss && added.front().row.header.prev != state.last_digest) {
        if (forks.empty())
            return invalid(state.acked, added.front().row.header.seq,
                           "row " + std::to_string(added.front().row.header.seq) + " does not bear the digest of the row before");
        for (const ReceivedRow& row : added)
            forks.push_back(&row);
        added = {};
    }
    for (const ReceivedRow* row : forks)
        outcome.forks.push_back(row->row.header.seq);

    CAPSULE_TRY(apart, new_forks(database, state.id, forks));
    if (!added.empty() || !apart.empty() || !late.proven.empty()) {
        CAPSULE_TRY(batch_id, keep_evidence(database, batch, state.id, rows));
        CAPSULE_CHECK(keep_forks(database, state.id, batch_id, batch.received_at, apart));
        for (const std::span<const ReceivedRow> some : {std::span<const ReceivedRow>(late.proven), added}) {
            CAPSULE_CHECK(keep_rows(database, state.id, batch_id, batch.received_at, some));
            CAPSULE_CHECK(book(database, {batch_id, state.id, batch.received_at}, some, zones));
            CAPSULE_CHECK(note_those_found(database, state.id, batch, some));
        }
    }
    if (!added.empty()) {
        state.acked = outcome.acked = last;
        state.last_digest = added.back().digest;
    }
    state.highest_seen = std::max(state.highest_seen, state.acked);
    CAPSULE_CHECK(update_journal(database, state, batch.received_at));
    CAPSULE_CHECK(transaction.commit());
    return outcome;
}

} // namespace capsule::server
