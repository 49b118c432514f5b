// Works the queue off, on a thread of its own. Thread-safe.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/random.hpp"
#include "content/base/result.hpp"
#include "content/store/store.hpp"
#include "playlists/server/catalogue/catalogue.hpp"
#include "playlists/server/database/database.hpp"
#include "playlists/server/jobs/job_book.hpp"
#include "playlists/server/uploads/upload_desk.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

namespace capsule::server {

class JobRunner {
public:
    static constexpr Milliseconds kept = std::chrono::hours(30 * 24);

    // Keeps references.
    JobRunner(const Clock& clock, Random& random, ServerDatabase& database, Store& store, const Catalogue& catalogue, UploadDesk& uploads);
    ~JobRunner(); // stops

    // Resumes what an earlier server left, then works. Call once.
    void start();
    // Ends the child that works, puts its job back and joins the thread. Again: does nothing.
    void stop();

    // A job for a complete upload of `login`: the body of POST /api/v1/jobs. Invalid: names the member; missing or refused: the upload.
    Result<Job> add(sqlite::Database& database, const std::string& login, std::string_view request);
    // Refused when it has ended. One that runs ends within a second.
    Result<void> cancel(sqlite::Database& database, const std::string& id);
    // Of the job that runs, 0 to 1; empty for any other.
    std::optional<double> progress_of(const std::string& id) const;

private:
    void run_thread();
    Result<bool> run_one();
    Result<std::string> work(sqlite::Database& database, const Job& job, std::stop_token stop);
    void end(sqlite::Database& database, const Job& job, JobState state, const std::string& result, const std::optional<JobEnd>& why);

    const Clock& m_clock;
    Random& m_random;
    ServerDatabase& m_database;
    Store& m_store;
    const Catalogue& m_catalogue;
    UploadDesk& m_uploads;

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_stopping = false, m_cancelled = false, m_woken = false;
    std::string m_running; // the id of the job that runs
    double m_progress = 0;
    std::stop_source m_stop;
    std::thread m_thread;
};

} // namespace capsule::server
