// Keeps a store in step with a source: a thin thread around the engine, and a second one that downloads blobs, so that an urgent
// message does not wait behind a film.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/mailbox.hpp"
#include "content/base/random.hpp"
#include "playlists/sync/engine.hpp"
#include "playlists/sync/executor.hpp"
#include "playlists/sync/state.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <thread>

namespace capsule::sync {

// Called from the sync thread; must return soon.
class SyncListener {
public:
    virtual ~SyncListener() = default;
    // `active` is in force, durably, and complete for this screen.
    virtual void on_release_active(const ActiveRelease& active) = 0;
    virtual void on_sync_state(const State& state) = 0;
};

class SyncThread {
public:
    // Makes STORE's folders and reads what is in force. Errors are the disk's. Damaged documents are logged and fetched anew.
    // `disk`, `clock`, `random` and `listener` outlive the thread. To stop soon, the source must give up by itself within its
    // time-outs, or watch a flag that the caller raises before stop() (http::Settings::stop).
    static Result<std::unique_ptr<SyncThread>> open(Disk& disk, const Path& store, std::unique_ptr<ReleaseSource> source,
                                                    EngineSettings settings, const Clock& clock, Random& random,
                                                    SyncListener& listener, TrustSettings trust = {});
    ~SyncThread();

    // What was in force when it was opened.
    const ActiveRelease& at_start() const { return m_at_start; }
    void start();
    // Nothing new is begun from now on. Before the flag is raised that cuts transfers short, so that the cut is not taken for trouble.
    void close();
    // Closes and waits for both threads. Called by the destructor too.
    void stop();
    // A blob proved missing or broken at play time: it is fetched anew. Thread-safe. The caller has set the file aside.
    void lost(const Digest& sha256);
    // What is on screen or prepared for it: it is not collected. Thread-safe.
    void on_air(std::set<Digest> blobs);
    // What time it is, so that what the schedule brings soonest is fetched first; not known until told. From one thread, as often as one
    // likes: only news are passed on.
    void tell_time(Instant utc, ClockKnown known);
    // Whether the hours for large downloads have come; they have until told otherwise. Thread-safe.
    void allow_large_downloads(bool allowed);

private:
    SyncThread(Disk& disk, const Path& store, std::unique_ptr<ReleaseSource> source, const Clock& clock, SyncListener& listener,
               TrustSettings trust);
    void run();
    void run_downloads();

    const Clock& m_clock;
    SyncListener& m_listener;
    std::unique_ptr<ReleaseSource> m_source;
    Store m_store;
    ActiveStore m_active_store;
    Executor m_executor;
    std::unique_ptr<Engine> m_engine;
    ActiveRelease m_at_start;
    Mailbox<Input> m_inputs{256};
    Mailbox<FetchBlob> m_downloads{4};
    std::atomic<bool> m_hours_over{false};
    std::optional<TimeTold> m_time_told;
    Nanoseconds m_time_told_at{0};
    std::thread m_thread, m_download_thread;
};

} // namespace capsule::sync
