// The screen's ledger on its disk. Thread-bound: to the journal's thread (see journal_thread.hpp).
//
// Rows are appended to segment files `<journal>-<n>.db`; what append() returned well survives a power cut. A kill is continued from
// the last row there; what cannot be read is set aside and a new journal begun, whose first row says so: a sequence is never used
// twice for different rows. Older journals stay readable until the server has them.
#pragma once

#include "content/base/digest.hpp"
#include "content/base/disk.hpp"
#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "player/impressions/segment.hpp"
#include "playlists/ledger/row.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace capsule {

using RowBody = std::variant<ShowingRow, AnchorRow, GapRow, StateRow>;

struct JournalSettings {
    Path folder;    // STORE/journal
    Path set_aside; // STORE/set-aside
    std::string device;
    std::string boot;
    std::int64_t rows_per_segment = 2000;
    // Whole segments that the server has are kept while they are among this many newest: the cursor of the day is rebuilt from them.
    std::size_t segments_kept = 3;
};

// One journal that is on the disk, with the rows that can be read of it.
struct JournalSpan {
    std::string journal;
    std::int64_t first_seq = 0, last_seq = 0; // none when last is below first
    bool current = false;                     // the one that is appended to
    bool operator==(const JournalSpan&) const = default;
};

class Journal {
public:
    // Timeout: another process has the journal open. No space, io: nothing can be written now; try again later.
    static Result<Journal> open(Disk& disk, Random& random, JournalSettings settings);

    // Appends in one transaction; durable on return. The sequence number of the last one. On an error none of them is written.
    Result<std::int64_t> append(const std::vector<RowBody>& bodies);

    // Oldest journal first, the current one last.
    std::vector<JournalSpan> spans() const;
    // Rows from `seq` on, within one segment: fewer than asked is not the end, an empty answer is. Missing: no such journal or row.
    // Invalid: the segment is corrupt; call retire().
    Result<std::vector<StoredRow>> read_from(const std::string& journal, std::int64_t seq, std::size_t rows, std::size_t bytes);
    // The server has all rows up to `seq`: unlinks whole segments below it (but see segments_kept), and older journals that are done.
    Result<void> acknowledged(const std::string& journal, std::int64_t seq);
    // Rows of `journal` from `seq` on will never be taken by the server, or cannot be read: their files are set aside, and a `gap`
    // row says so. If it was the current journal, a new one is begun.
    Result<void> retire(const std::string& journal, std::int64_t seq, const std::string& reason);

    const std::string& current() const { return m_journal; }
    std::int64_t last_seq() const { return m_last_seq; }

private:
    struct File {
        Path path;
        SegmentHeading heading;
        std::int64_t last_seq = 0;
    };

    Journal(Disk& disk, Random& random, JournalSettings settings);
    Result<void> recover();
    Result<void> begin_journal(std::optional<GapRow> gap);
    Result<void> begin_segment();
    Result<void> put_aside(const Path& path);
    Result<Segment*> reader(const File& file);
    void forget_reader() { m_reader.reset(); }

    Disk* m_disk;
    Random* m_random;
    JournalSettings m_settings;
    std::vector<File> m_files;        // by generation, then number; the last one is m_current's
    std::optional<Segment> m_current; // open for appending
    std::optional<Segment> m_reader;  // an older segment, open for reading
    std::string m_journal;
    std::int64_t m_generation = 0;
    std::int64_t m_last_seq = 0;
    Digest m_last_digest;
    std::map<std::string, std::int64_t> m_acknowledged; // by journal
};

} // namespace capsule
