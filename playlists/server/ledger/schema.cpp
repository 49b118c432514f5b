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

namespace {

// Twice each: of what is there, and of what dropped rows had added.
std::string hour_table(const std::string& name) {
    return "CREATE TABLE " + name + R"sql((
    local_day INTEGER NOT NULL,
    local_hour INTEGER NOT NULL,
    screen TEXT NOT NULL,
    site TEXT NOT NULL,
    capsule TEXT NOT NULL,
    evidence TEXT NOT NULL,
    showing_rows INTEGER NOT NULL,
    showings INTEGER NOT NULL,
    complete INTEGER NOT NULL,
    shown_ms INTEGER NOT NULL,
    frames_due INTEGER NOT NULL,
    frames_shown INTEGER NOT NULL,
    PRIMARY KEY(local_day, local_hour, screen, site, capsule, evidence)
) STRICT, WITHOUT ROWID;
)sql";
}

std::string coverage_table(const std::string& name, const std::string& period) {
    return "CREATE TABLE " + name + "(screen TEXT NOT NULL, " + period +
           " INTEGER NOT NULL, proven BLOB NOT NULL, off BLOB NOT NULL, PRIMARY KEY(screen, " + period +
           ")) STRICT, WITHOUT ROWID;\n";
}

constexpr const char* rollup_tables = R"sql(
CREATE TABLE ledger_sum(
    grain INTEGER NOT NULL,
    period INTEGER NOT NULL,
    place TEXT NOT NULL,
    capsule TEXT NOT NULL,
    local_hour INTEGER NOT NULL,
    evidence TEXT NOT NULL,
    showing_rows INTEGER NOT NULL,
    showings INTEGER NOT NULL,
    complete INTEGER NOT NULL,
    shown_ms INTEGER NOT NULL,
    frames_due INTEGER NOT NULL,
    frames_shown INTEGER NOT NULL,
    scans INTEGER NOT NULL,
    PRIMARY KEY(grain, period, place, capsule, local_hour, evidence)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_boot(
    journal_id INTEGER NOT NULL REFERENCES ledger_journal(id),
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    device TEXT NOT NULL,
    boot TEXT NOT NULL,
    last_boot_ms INTEGER NOT NULL,
    first_screen TEXT NOT NULL,
    last_screen TEXT NOT NULL,
    gap_before_first INTEGER NOT NULL,
    gap_after_last INTEGER NOT NULL,
    off_screen TEXT,
    off_from_ms INTEGER,
    off_until_ms INTEGER,
    PRIMARY KEY(journal_id, first_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_boot_by_boot ON ledger_boot(device, boot);
CREATE INDEX ledger_anchor_by_error ON ledger_anchor(device, boot, error_ms);
CREATE INDEX ledger_boot_by_off ON ledger_boot(off_screen, off_until_ms);

CREATE TABLE ledger_correction(
    id INTEGER PRIMARY KEY,
    made_ms INTEGER NOT NULL,
    cause TEXT NOT NULL,
    device TEXT NOT NULL,
    screen TEXT NOT NULL,
    site TEXT NOT NULL,
    local_day INTEGER NOT NULL,
    local_hour INTEGER NOT NULL,
    showing_rows INTEGER NOT NULL,
    showings INTEGER NOT NULL,
    shown_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX ledger_correction_by_day ON ledger_correction(local_day);

CREATE TABLE ledger_dropped(
    id INTEGER PRIMARY KEY,
    journal_id INTEGER NOT NULL REFERENCES ledger_journal(id),
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    last_digest TEXT NOT NULL,
    dropped_rows INTEGER NOT NULL,
    first_day INTEGER,
    last_day INTEGER,
    received_before_ms INTEGER NOT NULL,
    dropped_ms INTEGER NOT NULL,
    rule TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_dropped_by_journal ON ledger_dropped(journal_id, last_seq);

CREATE TABLE ledger_refusal(
    device TEXT NOT NULL,
    kind TEXT NOT NULL,
    local_day INTEGER NOT NULL,
    times INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    last_reason TEXT NOT NULL,
    PRIMARY KEY(local_day, device, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_derived(
    id INTEGER PRIMARY KEY CHECK(id=1),
    version INTEGER NOT NULL
) STRICT;
INSERT INTO ledger_derived SELECT 1, CASE WHEN EXISTS(SELECT 1 FROM ledger_row) OR EXISTS(SELECT 1 FROM scan_count) THEN 0 ELSE 1 END;
)sql";

} // namespace

std::string ledger_rollup_schema() {
    return hour_table("ledger_hour") + hour_table("ledger_hour_dropped") + coverage_table("ledger_coverage", "utc_day") +
           coverage_table("ledger_coverage_dropped", "utc_day") + rollup_tables;
}

// The sums of version 7 were one record per cell, its coverage one per day: both are made anew from the rows at the next start.
std::string ledger_packed_schema() {
    return R"sql(
DROP TABLE ledger_sum;
CREATE TABLE ledger_sum(
    grain INTEGER NOT NULL,
    period INTEGER NOT NULL,
    place TEXT NOT NULL,
    cells BLOB NOT NULL,
    PRIMARY KEY(grain, period, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE ledger_capsule(
    number INTEGER PRIMARY KEY,
    capsule TEXT NOT NULL UNIQUE
) STRICT;
DROP TABLE ledger_coverage;
)sql" + coverage_table("ledger_coverage", "utc_block") +
           R"sql(
UPDATE ledger_derived SET version=CASE WHEN EXISTS(SELECT 1 FROM ledger_row) OR EXISTS(SELECT 1 FROM ledger_dropped)
    OR EXISTS(SELECT 1 FROM scan_count) THEN 0 ELSE 2 END;
)sql";
}

} // namespace capsule::server
