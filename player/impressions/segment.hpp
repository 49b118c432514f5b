// One file of the journal: a SQLite database with some thousand rows, each kept as the bytes that were hashed.
// Thread-bound: to the journal's thread.
//
// Why files and not one database: a bad sector costs one segment, and what the server has is freed by unlinking a whole file, which
// neither fragments nor rewrites the rest.
#pragma once

#include "content/base/digest.hpp"
#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace capsule {

// What a segment says about itself, written when it is made.
struct SegmentHeading {
    std::string journal;          // 32 hexadecimal digits
    std::int64_t number = 0;      // of the segment in its journal, from 1
    std::int64_t generation = 0;  // of the journal among those of this store: later ones are higher
    std::string device;           // that the rows bear
    std::int64_t first_seq = 1;   // of its first row, written or not
    Digest previous;              // digest of the row before its first
    bool salvaged = false;        // made of what could be saved of another file: rows may be missing
};

// Numbers of rows that follow each other without a hole; none when last is below first.
struct SeqRun {
    std::int64_t first = 0, last = 0;
    bool operator==(const SeqRun&) const = default;
};

struct StoredRow {
    std::int64_t seq = 0;
    std::string bytes;
};

// "<32 hexadecimal digits>-<n>.db"
struct SegmentName {
    std::string journal;
    std::int64_t number = 0;

    std::string text() const { return journal + "-" + std::to_string(number) + ".db"; }
    static std::optional<SegmentName> parse(const std::string& text);
};

// Whether an error of SQLite on one file means that the file, not the disk or another process, is at fault.
bool is_damage(const Error& error);

class Segment {
public:
    // Makes the file whole, with `rows` in it, under another name first: a file that bears a segment's name always has a heading.
    static Result<Segment> create(Disk& disk, const Path& path, const SegmentHeading& heading, const std::vector<StoredRow>& rows = {});
    // Invalid when it is corrupt; timeout when another process has it open.
    static Result<Segment> open(const Path& path);

    const SegmentHeading& heading() const { return m_heading; }
    const Path& path() const { return m_path; }

    // SQLite's own check of the whole file, and that the rows follow each other from the heading's first. Invalid otherwise.
    Result<void> check();
    // The newest row; empty when there is none.
    Result<std::optional<StoredRow>> last();
    // Of a salvaged segment, all that is there.
    Result<std::vector<SeqRun>> runs();
    // In one transaction, durable on return; afterwards all rows are there or none.
    Result<void> append(const std::vector<StoredRow>& rows);
    // Rows from `seq` on, at most `rows` of them and `bytes` in sum (but one row always). Invalid when they are not as they were written.
    Result<std::vector<StoredRow>> read(std::int64_t seq, std::size_t rows, std::size_t bytes);

private:
    Segment(Path path, sqlite::Database database) : m_path(std::move(path)), m_database(std::move(database)) {}
    Result<void> prepare(const char* synchronous);

    Path m_path;
    sqlite::Database m_database;
    SegmentHeading m_heading;
};

} // namespace capsule
