// The thread that owns the journal. Thread-safe: the presenting thread hands rows over without ever waiting for a disk, the uploader
// asks for rows and waits.
//
// A row is durable within some milliseconds of being handed over. While the disk refuses (full, failing), rows wait in memory, up to
// a bound; what is beyond it, or finds the mailbox full, is counted and becomes one `gap` row when the disk takes rows again.
// Files that cannot be trusted are salvaged when the first showing is over, one at a time, while nothing waits to be written.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/mailbox.hpp"
#include "player/impressions/journal.hpp"
#include "playlists/ledger/limits.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace capsule {

struct JournalThreadSettings {
    JournalSettings journal;
    std::size_t mailbox = 1024; // rows and requests on their way
    std::size_t held = 512;     // rows that wait for a disk
    Milliseconds retry{2000};   // between attempts while the disk refuses
    Milliseconds anchor_every{600'000};
    Milliseconds salvage_after{60'000}; // if nothing is shown at all
};

class JournalThread {
public:
    // Starts at once; the journal is opened on the thread, so that a slow or corrupt one delays no picture.
    JournalThread(const Clock& clock, Disk& disk, Random& random, JournalThreadSettings settings);
    // Writes what was handed over, then ends.
    ~JournalThread();
    JournalThread(const JournalThread&) = delete;
    JournalThread& operator=(const JournalThread&) = delete;

    // From any thread; returns at once, never fails: what finds no room is counted as lost.
    void write(RowBody body);
    // Goes before the next row, at most one every `anchor_every`; until then the one is kept that tells the present best.
    void add_anchor(const AnchorRow& anchor);

    // From any thread but the presenting one: these wait for the journal's thread. Errors: those of Journal, and the reason why the
    // journal cannot be opened; refused after the end.
    Result<std::vector<JournalSpan>> spans();
    Result<std::vector<StoredRow>> read_from(const std::string& journal, std::int64_t seq, std::size_t rows, std::size_t bytes);
    Result<void> acknowledged(const std::string& journal, std::int64_t seq);
    Result<void> retire(const std::string& journal, std::int64_t seq, const std::string& reason, std::int64_t kept_apart = 0);
    Result<void> damaged(const std::string& journal, std::int64_t seq);
    Result<void> declare_lost(const std::string& journal, std::int64_t first, std::int64_t last, const std::string& reason);
    // The newest `most` rows that are on the disk, oldest first, read in pieces, until `use` says false. For the cursor at start.
    Result<void> for_each_row(const std::function<bool(const StoredRow&)>& use, std::int64_t most = ledger_limits::largest_number);

    struct Status {
        std::int64_t written = 0; // rows since start
        std::int64_t lost = 0;    // showings that could not be kept since start
        std::string problem;      // why rows are not being written now; empty: they are
    };
    Status status() const;
    // Called on the journal's thread after rows were written; set before rows are handed over.
    void on_written(std::function<void()> listener);

private:
    using Request = std::function<void(Result<Journal>&)>;
    using Letter = std::variant<RowBody, Request>;
    template <typename T>
    Result<T> ask(std::function<Result<T>(Journal&)> question);

    void run();
    void open_if_due();
    void hold(RowBody body);
    void flush();
    // Whether there is something to salvage, and its time has come.
    bool salvage_due() const;
    void salvage();
    void count_loss(const RowBody& body);
    std::optional<AnchorRow> due_anchor();
    std::vector<RowBody> rows_to_write(std::int64_t& lost);

    const Clock& m_clock;
    Disk& m_disk;
    Random& m_random;
    const JournalThreadSettings m_settings;
    Mailbox<Letter> m_mailbox;

    mutable std::mutex m_mutex;
    Status m_status;                      // guarded by m_mutex, as are the next three
    GapRow m_lost;                        // not yet on record
    std::optional<AnchorRow> m_anchor;    // not yet written
    std::function<void()> m_listener;

    Result<Journal> m_journal;            // the thread's own, as is what follows
    std::optional<Nanoseconds> m_tried;   // monotonic, when the disk last refused
    std::deque<RowBody> m_held;
    std::optional<std::int64_t> m_anchor_written_ms; // boot time
    bool m_shown = false;                 // a showing is over
    const Nanoseconds m_started;
    std::optional<Nanoseconds> m_salvage_failed; // monotonic
    std::thread m_thread;
};

} // namespace capsule
