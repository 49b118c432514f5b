#include "player/impressions/journal_thread.hpp"

#include "content/base/log.hpp"
#include "playlists/ledger/anchor.hpp"

#include <algorithm>
#include <future>
#include <memory>
#include <utility>

namespace capsule {

namespace {

std::int64_t to_milliseconds(Nanoseconds span) { return std::chrono::duration_cast<Milliseconds>(span).count(); }

} // namespace

JournalThread::JournalThread(const Clock& clock, Disk& disk, Random& random, JournalThreadSettings settings)
    : m_clock(clock), m_disk(disk), m_random(random), m_settings(std::move(settings)), m_mailbox(m_settings.mailbox),
      m_journal(Error{Category::timeout, "the journal is not open yet"}), m_started(clock.monotonic()) {
    m_thread = std::thread([this] { run(); });
}

JournalThread::~JournalThread() {
    m_mailbox.close();
    m_thread.join();
}

void JournalThread::write(RowBody body) {
    Letter letter(std::move(body));
    if (!m_mailbox.try_push(std::move(letter)))
        count_loss(std::get<RowBody>(letter));
}

void JournalThread::add_anchor(const AnchorRow& anchor) {
    // Weighed at this moment: what is written next happens now, and one that waits grows worse.
    const std::int64_t now = to_milliseconds(m_clock.boottime());
    const std::lock_guard lock(m_mutex);
    if (!m_anchor || error_at(anchor, now) <= error_at(*m_anchor, now))
        m_anchor = anchor;
}

void JournalThread::count_loss(const RowBody& body) {
    const std::lock_guard lock(m_mutex);
    std::int64_t showings = 0, start = 0, end = 0;
    if (const auto* row = std::get_if<ShowingRow>(&body)) {
        showings = 1;
        start = row->boot_start_ms;
        end = row->boot_end_ms;
    } else if (const auto* gap = std::get_if<GapRow>(&body)) {
        showings = gap->count;
        start = gap->boot_start_ms;
        end = gap->boot_end_ms;
    } else {
        return;
    }
    if (m_lost.count == 0)
        m_lost.boot_start_ms = start;
    m_lost.boot_end_ms = std::max(m_lost.boot_end_ms, end);
    m_lost.count += showings;
    m_status.lost += showings;
}

template <typename T>
Result<T> JournalThread::ask(std::function<Result<T>(Journal&)> question) {
    auto answer = std::make_shared<std::promise<Result<T>>>();
    std::future<Result<T>> future = answer->get_future();
    const bool sent = m_mailbox.push(Request([answer, question = std::move(question)](Result<Journal>& journal) {
        answer->set_value(journal ? question(*journal) : Result<T>(journal.error()));
    }));
    if (!sent)
        return Error{Category::refused, "the journal has been closed"};
    return future.get();
}

Result<std::vector<JournalSpan>> JournalThread::spans() {
    return ask<std::vector<JournalSpan>>([](Journal& journal) { return Result(journal.spans()); });
}

Result<std::vector<StoredRow>> JournalThread::read_from(const std::string& name, std::int64_t seq, std::size_t rows, std::size_t bytes) {
    return ask<std::vector<StoredRow>>([=](Journal& journal) { return journal.read_from(name, seq, rows, bytes); });
}

Result<void> JournalThread::acknowledged(const std::string& name, std::int64_t seq) {
    return ask<void>([=](Journal& journal) { return journal.acknowledged(name, seq); });
}

Result<void> JournalThread::retire(const std::string& name, std::int64_t seq, const std::string& reason, std::int64_t kept_apart) {
    return ask<void>([=](Journal& journal) { return journal.retire(name, seq, reason, kept_apart); });
}

Result<void> JournalThread::damaged(const std::string& name, std::int64_t seq) {
    return ask<void>([=](Journal& journal) { return journal.damaged(name, seq); });
}

Result<void> JournalThread::declare_lost(const std::string& name, std::int64_t first, std::int64_t last, const std::string& reason) {
    return ask<void>([=](Journal& journal) { return journal.declare_lost(name, first, last, reason); });
}

Result<void> JournalThread::for_each_row(const std::function<bool(const StoredRow&)>& use, std::int64_t most) {
    CAPSULE_TRY(all, spans());
    for (auto span = all.rbegin(); span != all.rend(); ++span) {
        span->first_seq = std::max(span->first_seq, span->last_seq - most + 1);
        most -= std::max<std::int64_t>(0, span->last_seq - span->first_seq + 1);
    }
    for (const JournalSpan& span : all) {
        for (std::int64_t seq = span.first_seq; seq <= span.last_seq;) {
            CAPSULE_TRY(rows, read_from(span.journal, seq, 500, 1u << 20));
            if (rows.empty())
                break;
            for (const StoredRow& row : rows)
                if (!use(row))
                    return {};
            seq = rows.back().seq + 1;
        }
    }
    return {};
}

JournalThread::Status JournalThread::status() const {
    const std::lock_guard lock(m_mutex);
    return m_status;
}

void JournalThread::on_written(std::function<void()> listener) {
    const std::lock_guard lock(m_mutex);
    m_listener = std::move(listener);
}

void JournalThread::run() {
    open_if_due();
    for (;;) {
        const bool waiting = !m_journal || !m_held.empty() || m_journal->wants_salvage();
        std::optional<Letter> letter = waiting ? m_mailbox.pop_for(m_settings.retry) : m_mailbox.pop();
        const bool closing = !letter && m_mailbox.closed();
        std::vector<Request> requests;
        for (std::size_t taken = 0; letter; letter = ++taken < 64 ? m_mailbox.try_pop() : std::nullopt) {
            if (auto* body = std::get_if<RowBody>(&*letter))
                hold(std::move(*body));
            else
                requests.push_back(std::move(std::get<Request>(*letter)));
        }
        open_if_due();
        flush();
        for (Request& request : requests)
            request(m_journal);
        if (closing)
            break;
        if (salvage_due() && m_mailbox.size() == 0)
            salvage();
    }
    const std::size_t unwritten = m_held.size();
    if (unwritten > 0)
        log_error("journal", std::to_string(unwritten) + " rows could not be written before the end");
}

void JournalThread::open_if_due() {
    const Nanoseconds now = m_clock.monotonic();
    if (m_journal || (m_tried && now - *m_tried < m_settings.retry))
        return;
    JournalSettings settings = m_settings.journal;
    settings.clock = &m_clock;
    m_journal = Journal::open(m_disk, m_random, settings);
    std::string problem = m_journal ? "" : m_journal.error().message;
    m_tried = m_journal ? std::nullopt : std::optional(now);
    const std::lock_guard lock(m_mutex);
    if (!problem.empty() && problem != m_status.problem)
        log_error("journal", problem + "; trying again");
    m_status.problem = std::move(problem);
}

bool JournalThread::salvage_due() const {
    if (!m_journal || !m_journal->wants_salvage() || !m_held.empty())
        return false;
    const Nanoseconds now = m_clock.monotonic();
    return (m_shown || now - m_started >= m_settings.salvage_after) && (!m_salvage_failed || now - *m_salvage_failed >= m_settings.retry);
}

void JournalThread::salvage() {
    const Result<void> done = m_journal->salvage();
    m_salvage_failed = done ? std::nullopt : std::optional(m_clock.monotonic());
    std::function<void()> listener;
    {
        const std::lock_guard lock(m_mutex);
        if (done)
            listener = m_listener;
        else
            log_error("journal", "salvage: " + done.error().message + "; trying again");
    }
    if (listener)
        listener();
}

void JournalThread::hold(RowBody body) {
    m_shown = m_shown || std::holds_alternative<ShowingRow>(body);
    if (m_held.size() >= m_settings.held)
        flush();
    if (m_held.size() < m_settings.held)
        m_held.push_back(std::move(body));
    else
        count_loss(body);
}

std::optional<AnchorRow> JournalThread::due_anchor() {
    const std::int64_t now = to_milliseconds(m_clock.boottime());
    if (m_anchor_written_ms && now - *m_anchor_written_ms < m_settings.anchor_every.count())
        return std::nullopt;
    const std::lock_guard lock(m_mutex);
    return m_anchor;
}

// All that waits, in the order in which it happened: what was lost was lost after what is held.
std::vector<RowBody> JournalThread::rows_to_write(std::int64_t& lost) {
    std::vector<RowBody> rows(m_held.begin(), m_held.end());
    const std::lock_guard lock(m_mutex);
    lost = m_lost.count;
    if (lost > 0) {
        GapRow gap = m_lost;
        gap.reason = m_status.problem.empty() ? "too-many-at-once" : "disk";
        rows.emplace_back(std::move(gap));
    }
    return rows;
}

void JournalThread::flush() {
    if (!m_journal || (m_tried && m_clock.monotonic() - *m_tried < m_settings.retry))
        return;
    std::int64_t lost = 0;
    std::vector<RowBody> rows = rows_to_write(lost);
    if (rows.empty())
        return;
    const std::optional<AnchorRow> anchor = due_anchor();
    if (anchor)
        rows.insert(rows.begin(), *anchor);
    const Result<std::int64_t> written = m_journal->append(rows);
    std::function<void()> listener;
    {
        const std::lock_guard lock(m_mutex);
        if (!written) {
            if (m_status.problem != written.error().message)
                log_error("journal", written.error().message + "; rows wait in memory");
            m_status.problem = written.error().message;
        } else {
            if (!m_status.problem.empty())
                log_info("journal", "rows are written again");
            m_status.problem.clear();
            m_status.written += static_cast<std::int64_t>(rows.size());
            m_lost.count -= lost; // more may have been lost since
            if (m_lost.count == 0)
                m_lost = {};
            if (anchor)
                m_anchor.reset();
            listener = m_listener;
        }
    }
    if (!written) {
        m_tried = m_clock.monotonic();
        return;
    }
    m_tried.reset();
    m_held.clear();
    if (anchor)
        m_anchor_written_ms = to_milliseconds(m_clock.boottime());
    if (listener)
        listener();
}

} // namespace capsule
