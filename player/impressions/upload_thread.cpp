#include "player/impressions/upload_thread.hpp"

#include "content/base/log.hpp"

#include <algorithm>
#include <condition_variable>
#include <optional>
#include <utility>

namespace capsule {

struct UploadThread::Bell {
    std::mutex mutex;
    std::condition_variable changed;
    bool rung = false;
    bool ended = false;

    void ring() {
        const std::lock_guard lock(mutex);
        rung = true;
        changed.notify_all();
    }
};

UploadThread::UploadThread(const Clock& clock, Random& random, JournalThread& journal, TimeKeeper& time, Transport& transport,
                           std::function<DeviceState()> state, UploaderSettings settings)
    : m_clock(clock), m_journal(journal), m_time(time), m_transport(transport), m_state(std::move(state)), m_uploader(settings, random),
      m_settings(settings), m_bell(std::make_shared<Bell>()) {
    m_journal.on_written([bell = m_bell] { bell->ring(); });
    m_thread = std::thread([this] { run(); });
}

UploadThread::~UploadThread() {
    {
        const std::lock_guard lock(m_bell->mutex);
        m_bell->ended = true;
        m_bell->changed.notify_all();
    }
    m_transport.cancel();
    m_thread.join();
    m_journal.on_written({});
}

void UploadThread::nudge() { m_bell->ring(); }

std::string UploadThread::problem() const {
    const std::lock_guard lock(m_mutex);
    return m_problem;
}

void UploadThread::run() {
    for (;;) {
        look();
        std::unique_lock lock(m_bell->mutex);
        const Nanoseconds patience = std::max(m_uploader.next_deadline() - m_clock.monotonic(), Nanoseconds(Milliseconds(1)));
        m_bell->changed.wait_for(lock, patience, [&] { return m_bell->ended || (m_bell->rung && !m_uploader.failing()); });
        if (m_bell->ended)
            return;
        m_bell->rung = false;
    }
}

// Looks once, and follows up to the end of that exchange.
void UploadThread::look() {
    Result<std::vector<JournalSpan>> spans = m_journal.spans();
    if (!spans)
        spans = std::vector<JournalSpan>{}; // the journal says itself what is wrong; the state is reported all the same
    std::optional<UploadInput> input = UploadLook{*spans, m_state()};
    while (input) {
        const std::vector<UploadAction> actions = m_uploader.step(*input, m_clock.monotonic());
        input.reset();
        for (const UploadAction& action : actions) {
            Result<void> done;
            if (const auto* rows = std::get_if<SendRows>(&action)) {
                input = perform(*rows);
            } else if (const auto* state = std::get_if<SendState>(&action)) {
                input = perform(*state);
            } else if (const auto* acknowledge = std::get_if<Acknowledge>(&action)) {
                done = m_journal.acknowledged(acknowledge->journal, acknowledge->seq);
            } else if (const auto* retire = std::get_if<Retire>(&action)) {
                log_error("upload", "journal " + retire->journal + " ends at row " + std::to_string(retire->seq) + ": " + retire->reason);
                done = m_journal.retire(retire->journal, retire->seq, retire->reason, retire->kept_apart);
            } else if (const auto* lost = std::get_if<DeclareLost>(&action)) {
                done = m_journal.declare_lost(lost->journal, lost->first, lost->last, lost->reason);
            } else if (const auto* damage = std::get_if<ReportDamage>(&action)) {
                done = m_journal.damaged(damage->journal, damage->seq);
            }
            if (!done) {
                log_error("upload", done.error().message);
                input = ActionFailed{done.error()};
            }
        }
    }
    if (const Result<void> persisted = m_time.persist(); !persisted)
        log_warning("upload", "cannot keep the time: " + persisted.error().message);
}

UploadInput UploadThread::perform(const SendRows& send) {
    Result<std::vector<StoredRow>> rows = m_journal.read_from(send.journal, send.from, send.rows, m_settings.batch_bytes);
    if (rows && rows->empty())
        return RowsUnreadable{send.journal, send.from, {Category::timeout, "the rows are gone"}};
    if (!rows)
        return RowsUnreadable{send.journal, send.from, rows.error()};
    std::string body;
    for (const StoredRow& row : *rows)
        body += row.bytes + "\n";
    const Nanoseconds sent = m_clock.boottime();
    Result<client::RowsReply> reply = m_transport.send_rows(send.journal, body);
    if (reply)
        heard(sent, reply->utc_ms);
    const bool refused = reply && reply->answer == client::RowsReply::Answer::refused;
    set_problem(!reply ? reply.error().message : refused ? reply->problem : "");
    return RowsAnswered{send.journal, rows->front().seq, rows->back().seq, std::move(reply)};
}

UploadInput UploadThread::perform(const SendState& send) {
    const Nanoseconds sent = m_clock.boottime();
    Result<StateReply> reply = m_transport.send_state(to_state_json(send.state));
    if (reply)
        heard(sent, reply->utc_ms);
    set_problem(reply ? "" : reply.error().message);
    return StateAnswered{std::move(reply)};
}

void UploadThread::heard(Nanoseconds sent, std::int64_t utc_ms) {
    if (utc_ms > 0)
        m_journal.add_anchor(m_time.heard(sent, m_clock.boottime(), utc_ms));
}

void UploadThread::set_problem(std::string problem) {
    const std::lock_guard lock(m_mutex);
    if (problem != m_problem && !problem.empty())
        log_warning("upload", problem);
    m_problem = std::move(problem);
}

} // namespace capsule
