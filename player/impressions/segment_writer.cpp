#include "player/impressions/segment_writer.hpp"

#include "content/base/log.hpp"

namespace capsule {

SegmentWriter::~SegmentWriter() {
    const Path path = m_segment->path();
    // A mark that cannot be moved or removed makes the next start set a whole file aside and salvage it: no row is lost by that.
    if (const Result<void> moved = m_marked ? m_disk.rename(mark_of(path), closing_mark_of(path)) : Result<void>{}; !moved)
        log_warning("journal", moved.error().message);
    m_segment.reset();
    if (const Result<void> removed = m_marked ? m_disk.remove(closing_mark_of(path)) : Result<void>{}; !removed)
        log_warning("journal", removed.error().message);
}

Result<void> SegmentWriter::append(const std::vector<StoredRow>& rows) {
    if (!m_marked) {
        const Path path = m_segment->path();
        CAPSULE_TRY(mark, m_disk.create(mark_of(path), 0644));
        mark.reset();
        CAPSULE_CHECK(m_disk.sync_directory(path.parent_path())); // the name of the log too
        m_marked = true;
    }
    return m_segment->append(rows);
}

} // namespace capsule
