#include "playlists/sync/sync_thread.hpp"

#include "content/base/log.hpp"

#include <deque>

namespace capsule::sync {

namespace {
constexpr Nanoseconds progress_interval = std::chrono::seconds(1);
constexpr Nanoseconds longest_wait = std::chrono::minutes(10);
} // namespace

SyncThread::SyncThread(Disk& disk, const Path& store, std::unique_ptr<ReleaseSource> source, const Clock& clock,
                       SyncListener& listener, TrustSettings trust)
    : m_clock(clock), m_listener(listener), m_source(std::move(source)), m_store(disk, store), m_active_store(disk, store),
      m_executor(*m_source, m_active_store, m_store, clock, std::move(trust)) {}

Result<std::unique_ptr<SyncThread>> SyncThread::open(Disk& disk, const Path& store, std::unique_ptr<ReleaseSource> source,
                                                     EngineSettings settings, const Clock& clock, Random& random,
                                                     SyncListener& listener, TrustSettings trust) {
    std::unique_ptr<SyncThread> thread(new SyncThread(disk, store, std::move(source), clock, listener, std::move(trust)));
    CAPSULE_TRY(beginning, begin(thread->m_active_store, thread->m_store, settings.device));
    for (const auto& problem : beginning.loaded.problems)
        log_warning("sync", problem);
    thread->m_at_start = beginning.loaded.active;
    thread->m_engine =
        std::make_unique<Engine>(std::move(settings), random, std::move(beginning.loaded.active), std::move(beginning.held));
    return thread;
}

SyncThread::~SyncThread() {
    stop();
}

void SyncThread::start() {
    m_thread = std::thread([this] { run(); });
    m_download_thread = std::thread([this] { run_downloads(); });
}

void SyncThread::close() {
    m_inputs.close();
    m_downloads.close();
}

void SyncThread::stop() {
    close();
    if (m_thread.joinable())
        m_thread.join();
    if (m_download_thread.joinable())
        m_download_thread.join();
}

void SyncThread::lost(const Digest& sha256) {
    (void)m_inputs.push(BlobLost{sha256});
}

void SyncThread::on_air(std::set<Digest> blobs) {
    (void)m_inputs.push(OnAir{std::move(blobs)});
}

void SyncThread::tell_time(Instant utc, ClockKnown known) {
    const Nanoseconds now = m_clock.monotonic();
    if (m_time_told && m_time_told->known == known) {
        const auto off = utc - m_time_told->utc - (now - m_time_told_at);
        if (known == ClockKnown::no || std::chrono::abs(off) < std::chrono::minutes(1))
            return;
    }
    m_time_told = TimeTold{utc, known};
    m_time_told_at = now;
    (void)m_inputs.push(TimeTold{utc, known});
}

void SyncThread::allow_large_downloads(bool allowed) {
    (void)m_inputs.push(LargeDownloads{allowed}); // first: or the engine would ask again for what gives up now
    m_hours_over = !allowed;
}

void SyncThread::run() {
    std::optional<State> told;
    while (!m_inputs.closed()) {
        const Nanoseconds now = m_clock.monotonic();
        const Nanoseconds wait = std::min(longest_wait, m_engine->next_deadline() - std::min(now, m_engine->next_deadline()));
        std::deque<Input> inputs;
        if (auto input = m_inputs.pop_for(wait))
            inputs.push_back(std::move(*input));
        else
            inputs.push_back(Tick{});
        while (!inputs.empty() && !m_inputs.closed()) {
            const Input input = std::move(inputs.front());
            inputs.pop_front();
            const auto actions = m_engine->step(input, m_clock.monotonic());
            if (std::holds_alternative<Activated>(input))
                m_listener.on_release_active(m_engine->active());
            for (const Action& action : actions) {
                if (const auto* blob = std::get_if<FetchBlob>(&action))
                    (void)m_downloads.push(FetchBlob(*blob));
                else if (const auto* poll = std::get_if<Poll>(&action))
                    inputs.push_back(m_executor.execute(*poll));
                else if (const auto* document = std::get_if<FetchDocument>(&action))
                    inputs.push_back(m_executor.execute(*document));
                else if (const auto* activate = std::get_if<Activate>(&action))
                    inputs.push_back(m_executor.execute(*activate));
                else if (const auto done = m_executor.execute(std::get<Collect>(action)); !done)
                    log_warning("sync", "tidying up failed, to be tried again: " + done.error().message);
            }
        }
        if (const State state = m_engine->state(); state != told) {
            if (m_inputs.closed())
                break; // what was cut short by the end is no trouble
            if (state.problem.trouble != Trouble::none && (!told || told->problem.trouble != state.problem.trouble))
                log_warning("sync", state.problem.detail);
            told = state;
            m_listener.on_sync_state(state);
        }
    }
}

void SyncThread::run_downloads() {
    while (auto job = m_downloads.pop()) {
        Nanoseconds told = m_clock.monotonic();
        const auto progress = [&](std::uint64_t bytes) {
            if (const Nanoseconds now = m_clock.monotonic(); now - told >= progress_interval) {
                told = now;
                (void)m_inputs.try_push(BlobProgress{job->blob.sha256, bytes});
            }
        };
        (void)m_inputs.push(m_executor.execute(*job, progress, &m_hours_over));
    }
}

} // namespace capsule::sync
