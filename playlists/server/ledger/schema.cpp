#include "playlists/server/ledger/schema.hpp"

namespace capsule::server {

std::string_view ledger_schema() {
    return R"sql(
CREATE TABLE ledger_journal(
    id INTEGER PRIMARY KEY,
    device TEXT NOT NULL,
    journal TEXT NOT NULL,
    acked INTEGER NOT NULL,
    last_digest TEXT NOT NULL,
    highest_seen INTEGER NOT NULL,
    first_received_ms INTEGER NOT NULL,
    last_received_ms INTEGER NOT NULL,
    UNIQUE(device, journal)
) STRICT;

CREATE TABLE ledger_batch(
    id INTEGER PRIMARY KEY,
    journal_id INTEGER NOT NULL REFERENCES ledger_journal(id),
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    content_digest TEXT NOT NULL,
    counter TEXT NOT NULL,
    signature_input TEXT NOT NULL,
    signature TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_batch_by_journal ON ledger_batch(journal_id, first_seq);

CREATE TABLE ledger_row(
    journal_id INTEGER NOT NULL REFERENCES ledger_journal(id),
    seq INTEGER NOT NULL,
    digest TEXT NOT NULL,
    bytes BLOB NOT NULL,
    batch_id INTEGER NOT NULL REFERENCES ledger_batch(id),
    received_month INTEGER NOT NULL,
    PRIMARY KEY(journal_id, seq)
) STRICT;

CREATE TABLE ledger_fork(
    journal_id INTEGER NOT NULL REFERENCES ledger_journal(id),
    seq INTEGER NOT NULL,
    digest TEXT NOT NULL,
    bytes BLOB NOT NULL,
    batch_id INTEGER NOT NULL REFERENCES ledger_batch(id),
    received_ms INTEGER NOT NULL,
    PRIMARY KEY(journal_id, seq, digest)
) STRICT;

CREATE TABLE ledger_anchor(
    device TEXT NOT NULL,
    boot TEXT NOT NULL,
    boot_ms INTEGER NOT NULL,
    utc_ms INTEGER NOT NULL,
    error_ms INTEGER NOT NULL,
    source TEXT NOT NULL,
    journal_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY(journal_id, seq)
) STRICT;
CREATE INDEX ledger_anchor_by_boot ON ledger_anchor(device, boot, boot_ms);

CREATE TABLE ledger_showing(
    journal_id INTEGER NOT NULL REFERENCES ledger_journal(id),
    seq INTEGER NOT NULL,
    device TEXT NOT NULL,
    boot TEXT NOT NULL,
    boot_start_ms INTEGER NOT NULL,
    start_utc_ms INTEGER,
    error_ms INTEGER,
    local_day INTEGER,
    local_hour INTEGER,
    received_ms INTEGER NOT NULL,
    screen TEXT NOT NULL,
    site TEXT NOT NULL,
    playlist TEXT NOT NULL,
    item TEXT NOT NULL,
    capsule TEXT NOT NULL,
    version TEXT NOT NULL,
    language TEXT NOT NULL,
    due_ms INTEGER NOT NULL,
    shown_ms INTEGER NOT NULL,
    frames_due INTEGER NOT NULL,
    frames_shown INTEGER NOT NULL,
    frames_late INTEGER NOT NULL,
    ending TEXT NOT NULL,
    evidence TEXT NOT NULL,
    PRIMARY KEY(journal_id, seq)
) STRICT;
CREATE INDEX ledger_showing_by_day ON ledger_showing(local_day, screen);
CREATE INDEX ledger_showing_by_boot ON ledger_showing(device, boot, boot_start_ms);

CREATE TABLE ledger_gap(
    journal_id INTEGER NOT NULL REFERENCES ledger_journal(id),
    seq INTEGER NOT NULL,
    showings INTEGER NOT NULL,
    boot TEXT NOT NULL,
    boot_end_ms INTEGER NOT NULL,
    reason TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    local_day INTEGER NOT NULL,
    PRIMARY KEY(journal_id, seq)
) STRICT;
CREATE INDEX ledger_gap_by_day ON ledger_gap(local_day);

CREATE TABLE ledger_screen(
    screen TEXT PRIMARY KEY,
    device TEXT NOT NULL,
    last_received_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE scan_count(
    screen_code TEXT NOT NULL,
    site TEXT NOT NULL,
    capsule TEXT NOT NULL,
    local_day INTEGER NOT NULL,
    local_hour INTEGER NOT NULL,
    scans INTEGER NOT NULL,
    PRIMARY KEY(screen_code, site, capsule, local_day, local_hour)
) STRICT;
CREATE INDEX scan_count_by_day ON scan_count(local_day);
)sql";
}

} // namespace capsule::server
