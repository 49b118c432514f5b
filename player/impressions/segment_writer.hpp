// The segment that is being written, and the mark beside it that says so. Thread-bound: to the journal's thread.
//
// While a segment is written its newest rows are in SQLite's log only. The mark (`<segment>.open`) is made durable before the first
// row: at the next start a segment with a mark and without its log has lost rows, which nothing else would show.
#pragma once

#include "content/base/disk.hpp"
#include "player/impressions/segment.hpp"

#include <vector>

namespace capsule {

class SegmentWriter {
public:
    // `disk` outlives the writer.
    SegmentWriter(Disk& disk, Segment segment) : m_disk(disk), m_segment(std::move(segment)) {}
    // Closes: all rows are then in the one file.
    ~SegmentWriter();
    SegmentWriter(const SegmentWriter&) = delete;
    SegmentWriter& operator=(const SegmentWriter&) = delete;

    // In one transaction, durable on return; afterwards all rows are there or none.
    Result<void> append(const std::vector<StoredRow>& rows);
    Segment& segment() { return *m_segment; }

    static Path log_of(const Path& segment) { return segment.string() + "-wal"; }
    static Path mark_of(const Path& segment) { return segment.string() + ".open"; }
    // The mark while the log is folded into the file: then it may be absent.
    static Path closing_mark_of(const Path& segment) { return segment.string() + ".closing"; }

private:
    Disk& m_disk;
    std::optional<Segment> m_segment;
    bool m_marked = false;
};

} // namespace capsule
