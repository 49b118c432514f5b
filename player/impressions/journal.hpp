// The screen's ledger on its disk. Thread-bound: to the journal's thread (see journal_thread.hpp).
//
// Rows are appended to segment files `<journal>-<n>.db`; what append() returned well survives a power cut. A kill is continued from
// the last row there. A file that cannot be trusted is put out of the way at once and a new journal begun, so that a sequence is never
// used twice for different rows; what it holds is brought back later, by salvage(), under its old numbers. Older journals stay
// readable until the server has them.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/digest.hpp"
#include "content/base/disk.hpp"
#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "player/impressions/segment.hpp"
#include "player/impressions/segment_writer.hpp"
#include "playlists/ledger/row.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace capsule {

using RowBody = std::variant<ShowingRow, AnchorRow, GapRow, StateRow>;

// The value of a `state` row, before the name of a file that is set aside though the server does not have its rows.
constexpr const char* set_aside_mark = "set aside: ";

struct JournalSettings {
    Path folder;    // STORE/journal
    Path set_aside; // STORE/set-aside
    std::string device;
    std::string boot;
    std::int64_t rows_per_segment = 2000;
    // Whole segments that the server has are kept while they are among this many newest: the cursor of the day is rebuilt from them.
    std::size_t segments_kept = 3;
    const Clock* clock = nullptr; // for the moment of `state` rows; without one it is 0
};

// Rows of one journal that follow each other and can be read. A journal that has lost rows has several.
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
    // Invalid: the segment is corrupt; call damaged().
    Result<std::vector<StoredRow>> read_from(const std::string& journal, std::int64_t seq, std::size_t rows, std::size_t bytes);
    // The server has all rows up to `seq`: unlinks whole segments below it (but see segments_kept), and older journals that are done.
    Result<void> acknowledged(const std::string& journal, std::int64_t seq);
    // Rows of `journal` from `seq` on will never be counted by the server: their files are set aside, and a `gap` row says how many of
    // them it has not even kept apart (those above `kept_apart`), once, also when this is cut short. If it was the current journal, a
    // new one is begun.
    Result<void> retire(const std::string& journal, std::int64_t seq, const std::string& reason, std::int64_t kept_apart = 0);
    // The file with that row cannot be read: it goes to where salvage() finds it. If it was of the current journal, a new one is begun.
    // What has been salvaged once is set aside, and its rows from `seq` on are declared lost by number.
    Result<void> damaged(const std::string& journal, std::int64_t seq);
    // Neither the server nor this disk has these rows: a `gap` row of the current journal (a new one, when they are of the current) says
    // so, and lets the server go on behind them.
    Result<void> declare_lost(const std::string& journal, std::int64_t first, std::int64_t last, const std::string& reason);

    // Whether there are files to salvage.
    bool wants_salvage() const { return !m_corrupt.empty(); }
    // Brings the rows of one of them back: they appear among the spans. The file itself goes to `set_aside`, until the server has
    // what was saved of it. May take a second. On an error it can be called again.
    Result<void> salvage();

    // The name of the journal that is written; the number of its newest row.
    const std::string& current() const { return m_journal; }
    std::int64_t last_seq() const { return m_last_seq; }

private:
    struct File {
        Path path;
        SegmentHeading heading;
        std::vector<SeqRun> runs; // one, but in salvaged files
        std::int64_t last() const { return runs.empty() ? heading.first_seq - 1 : runs.back().last; }
    };

    Journal(Disk& disk, Random& random, JournalSettings settings);
    Result<void> recover();
    Result<void> begin_journal(const std::vector<RowBody>& first_rows);
    Result<void> begin_segment();
    Result<void> write(const std::vector<RowBody>& bodies);
    // A mishap with a file: `state` row of what became of it.
    StateRow note(const std::string& text) const;
    Result<void> put_aside(const Path& path);
    Result<void> put_out_of_the_way(const Path& path);
    Result<void> finish_moves(const std::vector<std::string>& names);
    Result<bool> is_intact(const Path& path);
    Result<std::vector<SeqRun>> runs_of(Segment& segment);
    // Calls `use` for the rows of the newest files until it says false: what is cut short is taken up again at the next start, or a
    // little later.
    void each_recent_row(const std::function<bool(const std::string& bytes)>& use);
    // Whether a recent row has this text as a value already.
    bool is_told(const std::string& text);
    // A salvaged file that cannot be read.
    Result<void> give_up(const Path& path, std::int64_t seq);
    Result<void> finish_retirements();
    Result<std::optional<GapRow>> lost_at_end(const Path& corrupt, const SegmentName& name, const std::vector<StoredRow>& rows);
    Result<void> move_salvaged(const Path& corrupt, const SegmentName& name);
    Result<Segment*> reader(const File& file);
    void forget_reader() { m_reader.reset(); }

    Disk* m_disk;
    Random* m_random;
    JournalSettings m_settings;
    std::vector<File> m_files;                // by generation, then number; the last one is m_current's
    std::vector<Path> m_corrupt;              // out of the way, not yet salvaged
    std::unique_ptr<SegmentWriter> m_current; // open for appending
    std::optional<Segment> m_reader;          // an older segment, open for reading
    std::string m_journal;
    std::int64_t m_generation = 0;
    std::int64_t m_last_seq = 0;
    Digest m_last_digest;
    std::map<std::string, std::int64_t> m_acknowledged; // by journal
};

} // namespace capsule
