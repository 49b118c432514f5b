#include "player/impressions/segment.hpp"

#include "playlists/ledger/row.hpp"

#include <charconv>

namespace capsule {

namespace {

constexpr const char* schema = "CREATE TABLE heading(journal TEXT NOT NULL, number INTEGER NOT NULL, generation INTEGER NOT NULL,"
                               " device TEXT NOT NULL, first_seq INTEGER NOT NULL, previous TEXT NOT NULL) STRICT;"
                               "CREATE TABLE row(seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;";

Error corrupt(const Path& path, const std::string& why) {
    return {Category::invalid, "journal segment " + path.string() + " is corrupt: " + why};
}

// Whether `row` bears the digest of `before`: SQLite's own checks do not see altered content.
bool follows(const StoredRow& row, const StoredRow& before) {
    constexpr std::string_view key = "\"prev\":\"";
    const std::size_t at = row.bytes.find(key);
    return row.seq == before.seq + 1 && at != std::string::npos &&
           row.bytes.compare(at + key.size(), 64, row_digest(before.bytes).hex()) == 0;
}

} // namespace

std::optional<SegmentName> SegmentName::parse(const std::string& name) {
    if (name.size() < 37 || name[32] != '-' || !name.ends_with(".db"))
        return std::nullopt;
    SegmentName out{name.substr(0, 32), 0};
    if (out.journal.find_first_not_of("0123456789abcdef") != std::string::npos)
        return std::nullopt;
    const char* const end = name.data() + name.size() - 3;
    const auto [stop, code] = std::from_chars(name.data() + 33, end, out.number);
    if (code != std::errc{} || stop != end || out.number < 1)
        return std::nullopt;
    return out;
}

bool is_damage(const Error& error) {
    return error.category == Category::invalid || error.category == Category::io || error.category == Category::bug ||
           error.category == Category::missing;
}

Result<void> Segment::prepare(const char* synchronous) {
    // Exclusive before WAL: no shared-memory file, and a second process is kept out.
    return m_database.execute(std::string("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=") + synchronous +
                              "; PRAGMA wal_autocheckpoint=200; PRAGMA journal_size_limit=1048576;");
}

Result<Segment> Segment::create(Disk& disk, const Path& path, const SegmentHeading& heading, const std::vector<StoredRow>& rows) {
    Path temporary = path;
    temporary += ".new";
    for (const char* suffix : {"", "-wal", "-journal"})
        CAPSULE_CHECK(disk.remove(Path(temporary.string() + suffix)));
    {
        CAPSULE_TRY(database, sqlite::Database::open(temporary));
        Segment made(temporary, std::move(database));
        CAPSULE_CHECK(made.m_database.execute("PRAGMA synchronous=FULL"));
        CAPSULE_CHECK(made.m_database.execute(std::string("BEGIN;") + schema + "COMMIT;"));
        CAPSULE_TRY(insert, made.m_database.prepare("INSERT INTO heading VALUES(?1,?2,?3,?4,?5,?6)"));
        insert.bind(1, heading.journal);
        insert.bind(2, heading.number);
        insert.bind(3, heading.generation);
        insert.bind(4, heading.device);
        insert.bind(5, heading.first_seq);
        insert.bind(6, heading.previous.hex());
        CAPSULE_CHECK(insert.run());
        if (heading.salvaged)
            CAPSULE_CHECK(made.m_database.execute("PRAGMA user_version=1"));
        if (!rows.empty())
            CAPSULE_CHECK(made.append(rows));
    }
    CAPSULE_CHECK(disk.rename(temporary, path));
    CAPSULE_CHECK(disk.sync_directory(path.parent_path()));
    return open(path);
}

Result<Segment> Segment::open(const Path& path) {
    CAPSULE_TRY(database, sqlite::Database::open(path));
    Segment segment(path, std::move(database));
    CAPSULE_CHECK(segment.prepare("FULL"));
    CAPSULE_TRY(select, segment.m_database.prepare("SELECT journal,number,generation,device,first_seq,previous FROM heading"));
    CAPSULE_TRY(there, select.step());
    if (!there)
        return corrupt(path, "it has no heading");
    segment.m_heading = {select.text(0), select.integer(1), select.integer(2), select.text(3), select.integer(4), {}, false};
    const std::optional<Digest> previous = Digest::parse(select.text(5));
    if (!previous || segment.m_heading.first_seq < 1)
        return corrupt(path, "its heading cannot be read");
    segment.m_heading.previous = *previous;
    CAPSULE_TRY(version, segment.m_database.prepare("PRAGMA user_version"));
    CAPSULE_TRY(known, version.step());
    segment.m_heading.salvaged = known && version.integer(0) == 1;
    return segment;
}

Result<void> Segment::check() {
    {
        CAPSULE_TRY(check, m_database.prepare("PRAGMA quick_check(1)"));
        CAPSULE_TRY(there, check.step());
        if (!there || check.text(0) != "ok")
            return corrupt(m_path, there ? check.text(0) : "no answer to quick_check");
    }
    CAPSULE_TRY(select, m_database.prepare("SELECT seq, bytes FROM row ORDER BY seq"));
    std::optional<StoredRow> before;
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            break;
        StoredRow row{select.integer(0), select.text(1)};
        if (before ? !follows(row, *before) : row.seq != m_heading.first_seq)
            return corrupt(m_path, "row " + std::to_string(row.seq) + " does not follow the one before");
        before = std::move(row);
    }
    if (before && !parse_row(before->bytes))
        return corrupt(m_path, "its last row cannot be read");
    return {};
}

Result<std::optional<StoredRow>> Segment::last() {
    CAPSULE_TRY(select, m_database.prepare("SELECT seq, bytes FROM row ORDER BY seq DESC LIMIT 1"));
    CAPSULE_TRY(there, select.step());
    if (!there)
        return std::optional<StoredRow>{};
    return std::optional<StoredRow>{{select.integer(0), select.text(1)}};
}

Result<std::vector<SeqRun>> Segment::runs() {
    CAPSULE_TRY(select, m_database.prepare("SELECT seq FROM row ORDER BY seq"));
    std::vector<SeqRun> out;
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            return out;
        const std::int64_t seq = select.integer(0);
        if (out.empty() || out.back().last + 1 != seq)
            out.push_back({seq, seq});
        out.back().last = seq;
    }
}

Result<void> Segment::append(const std::vector<StoredRow>& rows) {
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(m_database));
    CAPSULE_TRY(insert, m_database.prepare("INSERT INTO row VALUES(?1,?2)"));
    for (const StoredRow& row : rows) {
        insert.bind(1, row.seq);
        insert.bind_blob(2, row.bytes);
        CAPSULE_CHECK(insert.run());
    }
    return transaction.commit();
}

Result<std::vector<StoredRow>> Segment::read(std::int64_t seq, std::size_t rows, std::size_t bytes) {
    CAPSULE_TRY(select, m_database.prepare("SELECT seq, bytes FROM row WHERE seq >= ?1 ORDER BY seq LIMIT ?2"));
    select.bind(1, seq);
    select.bind(2, static_cast<std::int64_t>(rows));
    std::vector<StoredRow> out;
    std::size_t sum = 0;
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            break;
        StoredRow row{select.integer(0), select.text(1)};
        sum += row.bytes.size() + 1;
        if (!out.empty() && sum > bytes)
            break;
        if (out.empty() ? row.seq != seq : !follows(row, out.back()))
            return corrupt(m_path, "row " + std::to_string(out.empty() ? seq : out.back().seq + 1) + " is missing or altered");
        out.push_back(std::move(row));
    }
    if (!out.empty() && !parse_row(out.back().bytes))
        return corrupt(m_path, "row " + std::to_string(out.back().seq) + " cannot be read");
    return out;
}

} // namespace capsule
