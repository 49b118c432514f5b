#include "player/impressions/segment.hpp"

namespace capsule {

namespace {

constexpr const char* schema = "CREATE TABLE heading(journal TEXT NOT NULL, number INTEGER NOT NULL, generation INTEGER NOT NULL,"
                               " device TEXT NOT NULL, first_seq INTEGER NOT NULL, previous TEXT NOT NULL) STRICT;"
                               "CREATE TABLE row(seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;";

Error corrupt(const Path& path, const std::string& why) {
    return {Category::invalid, "journal segment " + path.string() + " is corrupt: " + why};
}

} // namespace

Result<void> Segment::prepare(const char* synchronous) {
    // Exclusive before WAL: no shared-memory file, and a second process is kept out.
    return m_database.execute(std::string("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=") + synchronous +
                              "; PRAGMA wal_autocheckpoint=200; PRAGMA journal_size_limit=1048576;");
}

Result<Segment> Segment::create(Disk& disk, const Path& path, const SegmentHeading& heading) {
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
    segment.m_heading = {select.text(0), select.integer(1), select.integer(2), select.text(3), select.integer(4), {}};
    const std::optional<Digest> previous = Digest::parse(select.text(5));
    if (!previous || segment.m_heading.first_seq < 1)
        return corrupt(path, "its heading cannot be read");
    segment.m_heading.previous = *previous;
    return segment;
}

Result<void> Segment::check() {
    {
        CAPSULE_TRY(check, m_database.prepare("PRAGMA quick_check(1)"));
        CAPSULE_TRY(there, check.step());
        if (!there || check.text(0) != "ok")
            return corrupt(m_path, there ? check.text(0) : "no answer to quick_check");
    }
    CAPSULE_TRY(bounds, m_database.prepare("SELECT count(*), min(seq), max(seq) FROM row"));
    CAPSULE_CHECK([&]() -> Result<void> {
        CAPSULE_TRY(there, bounds.step());
        (void)there;
        return {};
    }());
    const std::int64_t count = bounds.integer(0);
    if (count > 0 && (bounds.integer(1) != m_heading.first_seq || bounds.integer(2) != m_heading.first_seq + count - 1))
        return corrupt(m_path, "rows are missing from it");
    return {};
}

Result<std::optional<StoredRow>> Segment::last() {
    CAPSULE_TRY(select, m_database.prepare("SELECT seq, bytes FROM row ORDER BY seq DESC LIMIT 1"));
    CAPSULE_TRY(there, select.step());
    if (!there)
        return std::optional<StoredRow>{};
    return std::optional<StoredRow>{{select.integer(0), select.text(1)}};
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
            return out;
        StoredRow row{select.integer(0), select.text(1)};
        sum += row.bytes.size() + 1;
        if (!out.empty() && sum > bytes)
            return out;
        if (row.seq != (out.empty() ? seq : out.back().seq + 1))
            return corrupt(m_path, "row " + std::to_string(out.empty() ? seq : out.back().seq + 1) + " is missing");
        out.push_back(std::move(row));
    }
}

} // namespace capsule
