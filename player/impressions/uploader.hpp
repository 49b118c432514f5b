// Decides what to send to the server, and when. A passive object: no thread, no clock, no network. Thread-bound: to its caller.
//
//            look ──▶ send state / send rows ──▶ answer ──▶ acknowledge / retire / declare lost, and when to look again
//
// Rows of one journal go in sequence; the present journal takes turns with the older ones, so that months of backlog hold up nothing of
// today; a report of the present state goes before any of them. Whatever is lost, repeated or late on the way, the server ends with the
// rows of the disk: sending again is always safe, and where it stands is learnt from its answers only. Rows that neither has are
// declared lost; the server goes on behind them when it has that declaration.
//
// Nothing is taken for acknowledged but what was compared: a server may have other rows under the same numbers (a copied card, a disk
// that forgot). Then the journal is sent from its first row on the disk, so that the server keeps apart all that it knows otherwise, and
// ends there.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/random.hpp"
#include "player/impressions/device_state.hpp"
#include "player/impressions/journal.hpp"
#include "player/impressions/transport.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace capsule {

struct UploaderSettings {
    std::size_t batch_rows = 500;
    std::size_t batch_bytes = 1u << 20;
    Milliseconds rows_every{5'000};      // between batches that are not full
    Milliseconds state_every{60'000};
    Milliseconds state_at_most{5'000};   // between reports of changes
    Milliseconds retry_first{1'000};     // doubles with each failure in a row, half of it at random
    Milliseconds retry_most{300'000};
    int refusals = 3;                    // of the same rows, before they are given up
};

// Inputs.
struct UploadLook {
    std::vector<JournalSpan> spans;
    DeviceState state; // its backlog is filled in by the uploader
};
struct RowsAnswered {
    std::string journal;
    std::int64_t from = 0, last = 0; // rows that were sent
    Result<client::RowsReply> reply;
};
struct RowsUnreadable {
    std::string journal;
    std::int64_t from = 0;
    Error error;
};
struct StateAnswered {
    Result<StateReply> reply;
};
// An action on the journal could not be carried out (full disk): as if the server did not answer, so that it is not tried without pause.
struct ActionFailed {
    Error error;
};
using UploadInput = std::variant<UploadLook, RowsAnswered, RowsUnreadable, StateAnswered, ActionFailed>;

// Actions. After one of the two that send, its answer is the next input.
struct SendRows {
    std::string journal;
    std::int64_t from = 0;
    std::size_t rows = 0;
};
struct SendState {
    DeviceState state;
};
struct Acknowledge {
    std::string journal;
    std::int64_t seq = 0;
};
struct Retire { // see Journal::retire
    std::string journal;
    std::int64_t seq = 0;
    std::string reason;
    std::int64_t kept_apart = 0;
};
struct DeclareLost {
    std::string journal;
    std::int64_t first = 0, last = 0;
    std::string reason;
};
struct ReportDamage { // the file with this row cannot be read
    std::string journal;
    std::int64_t seq = 0;
};
using UploadAction = std::variant<SendRows, SendState, Acknowledge, Retire, DeclareLost, ReportDamage>;

class Uploader {
public:
    Uploader(UploaderSettings settings, Random& random) : m_settings(settings), m_random(random) {}

    // `now` is monotonic.
    std::vector<UploadAction> step(const UploadInput& input, Nanoseconds now);
    // When to look again, even if nothing new is written.
    Nanoseconds next_deadline() const { return m_deadline; }
    // The server is not answering well: new rows are then no reason to look before the deadline.
    bool failing() const { return m_failures > 0; }

private:
    std::vector<UploadAction> look(const UploadLook& look, Nanoseconds now);
    std::vector<UploadAction> rows_answered(const RowsAnswered& answered, Nanoseconds now);
    std::vector<UploadAction> rows_taken(const RowsAnswered& answered, Nanoseconds now);
    std::vector<UploadAction> rows_forked(const RowsAnswered& answered);
    // Goes back to the journal's first row, if what lies before these has not been held against the server's rows yet.
    bool compare_from_the_first(const RowsAnswered& answered);
    // The rest of a journal from `seq` on is given up.
    UploadAction give_up(const std::string& journal, std::int64_t seq, std::int64_t kept_apart, std::string reason);
    std::optional<UploadAction> rows_to_send(const std::vector<JournalSpan>& spans) const;
    std::optional<UploadAction> rows_of(const JournalSpan& span, bool present_is_done) const;
    bool is_done(const JournalSpan& span) const;
    std::int64_t backlog(const std::vector<JournalSpan>& spans) const;
    // `for_long`: trying again soon would help nobody.
    void failed(Nanoseconds now, bool for_long = false);
    void succeeded() { m_failures = 0; }

    const UploaderSettings m_settings;
    Random& m_random;
    std::map<std::string, std::int64_t> m_acked;    // by journal: up to here it is sent, and what was sent is the server's
    std::map<std::string, std::int64_t> m_declared; // by journal: all before this number that the server lacks is declared lost
    std::map<std::string, SeqRun> m_on_disk;        // by journal, at the last look
    std::set<std::string> m_compared;               // journals whose rows before those under way are the server's, or kept apart there
    std::map<std::string, std::int64_t> m_forked;   // by journal: the first row of the first batch in which the server has other rows
    bool m_present_last = false;                    // whose turn it was
    std::optional<DeviceState> m_told;
    std::optional<Nanoseconds> m_told_at;
    Nanoseconds m_rows_due{0};
    Nanoseconds m_retry_due{0};
    Nanoseconds m_deadline{0};
    int m_failures = 0;
    int m_refusals = 0;
};

} // namespace capsule
