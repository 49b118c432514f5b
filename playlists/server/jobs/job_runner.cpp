#include "playlists/server/jobs/job_runner.hpp"

#include "content/base/log.hpp"
#include "content/ingest/ingest.hpp"
#include "content/ingest/reason.hpp"
#include "content/ingest/report.hpp"
#include "playlists/server/catalogue/review.hpp"
#include "playlists/server/jobs/job_request.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds longest_preparation = 1h;
constexpr auto pause_after_failure = 5s;

JobEnd cancelled_end() { return {"cancelled", "Préparation annulée.", "cancelled on request"}; }

// Everything that the catalogue would need to know of a version, as it stands in a capsule's record.
std::string result_text(const ingest::Ingested& made, const Store& store) {
    Capsule carrier;
    carrier.kind = made.kind;
    carrier.versions.push_back(made.version);
    const nlohmann::json record = to_json(carrier);
    return nlohmann::json{{"kind", record.at("kind")}, {"version", record.at("versions").at(0)}, {"warnings", made.warnings},
                          {"measured", ingest::to_json(made.measurement)}, {"report", ingest::version_report_json(made.version, made.measurement, store)}}.dump();
}

} // namespace

JobRunner::JobRunner(const Clock& clock, Random& random, ServerDatabase& database, Store& store, const Catalogue& catalogue,
                     UploadDesk& uploads)
    : m_clock(clock), m_random(random), m_database(database), m_store(store), m_catalogue(catalogue), m_uploads(uploads) {}

JobRunner::~JobRunner() { stop(); }

void JobRunner::start() {
    m_thread = std::thread([this] { run_thread(); });
}

void JobRunner::stop() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        m_stop.request_stop();
    }
    m_changed.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

Result<Job> JobRunner::add(sqlite::Database& database, const std::string& login, std::string_view request) {
    CAPSULE_TRY(read, read_job_request(request));
    CAPSULE_TRY(transaction, sqlite::Transaction::begin(database));
    CAPSULE_TRY(upload, m_uploads.hold(database, login, read.upload));
    Job job;
    job.id = m_random.hex(16);
    job.login = login;
    job.name = upload.name;
    job.upload = upload.id;
    job.request = request;
    job.created = m_clock.wall();
    CAPSULE_CHECK(add_job(database, job));
    CAPSULE_CHECK(transaction.commit());
    {
        const std::lock_guard lock(m_mutex);
        m_woken = true;
    }
    m_changed.notify_all();
    return job;
}

Result<void> JobRunner::cancel(sqlite::Database& database, const std::string& id) {
    CAPSULE_TRY(job, read_job(database, id));
    {
        const std::lock_guard lock(m_mutex);
        if (m_running == id) {
            m_cancelled = true; // its thread writes the end
            m_stop.request_stop();
            return {};
        }
    }
    if (job.state != JobState::waiting)
        return Error{Category::refused, std::string("the job has ended already: it is ") + to_string(job.state)};
    CAPSULE_CHECK(end_job(database, id, JobState::cancelled, m_clock.wall(), "", cancelled_end()));
    return m_uploads.discard(database, job.upload);
}

std::optional<double> JobRunner::progress_of(const std::string& id) const {
    const std::lock_guard lock(m_mutex);
    return m_running == id ? std::optional(m_progress) : std::nullopt;
}

void JobRunner::end(sqlite::Database& database, const Job& job, JobState state, const std::string& result, const std::optional<JobEnd>& why) {
    auto ended = end_job(database, job.id, state, m_clock.wall(), result, why);
    if (ended)
        ended = m_uploads.discard(database, job.upload);
    if (!ended) // it runs again at the next start
        log_error("jobs", "the end of job " + job.id + " could not be kept: " + ended.error().message);
}

Result<std::string> JobRunner::work(sqlite::Database& database, const Job& job, std::stop_token stop) {
    CAPSULE_TRY(request, read_job_request(job.request));
    for (const GivenCaptions& given : request.captions) {
        CAPSULE_TRY(blob, m_store.add_bytes(given.text));
        request.hints.captions.push_back({given.language, m_store.path_of(blob.digest), given.drawn});
    }
    ingest::Options options;
    options.stop = std::move(stop);
    options.name = job.name.empty() ? "the file" : job.name;
    options.time = longest_preparation;
    options.progress = [this](double part) {
        const std::lock_guard lock(m_mutex);
        m_progress = part;
    };
    CAPSULE_TRY(made, ingest::ingest_media(m_uploads.path_of(job.upload), request.hints, m_store, options));
    Capsule carrier;
    carrier.kind = made.kind;
    carrier.versions.push_back(made.version);
    CAPSULE_CHECK(m_catalogue.note_types(database, blobs_of(carrier)));
    CAPSULE_CHECK(keep_measurement(database, made.version.media.sha256, made.measurement));
    return result_text(made, m_store);
}

// False: nothing waits.
Result<bool> JobRunner::run_one() {
    CAPSULE_TRY(lease, m_database.lease());
    std::stop_token stop;
    std::optional<Job> job;
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping)
            return false;
        CAPSULE_TRY(taken, take_job(*lease, m_clock.wall()));
        job = std::move(taken);
        if (!job)
            return false;
        m_running = job->id;
        m_progress = 0;
        m_cancelled = false;
        m_stop = {};
        stop = m_stop.get_token();
    }
    const auto result = work(*lease, *job, stop);
    bool cancelled = false, stopping = false;
    {
        const std::lock_guard lock(m_mutex);
        cancelled = m_cancelled;
        stopping = m_stopping;
    }
    if (result) {
        end(*lease, *job, JobState::done, *result, std::nullopt);
    } else if (cancelled) {
        end(*lease, *job, JobState::cancelled, "", cancelled_end());
    } else if (stopping && stop.stop_requested()) {
        if (auto back = put_back(*lease, job->id); !back)
            log_error("jobs", "job " + job->id + " could not be put back: " + back.error().message);
    } else {
        log_warning("jobs", "job " + job->id + " of " + job->login + " failed: " + result.error().message);
        const ingest::Reason reason = ingest::reason_for(result.error());
        end(*lease, *job, JobState::failed, "", JobEnd{reason.code, reason.text, reason.detail});
    }
    const std::lock_guard lock(m_mutex);
    m_running.clear();
    return true;
}

// Who learns that it failed: the job, in words; and the log, when the database cannot be asked.
void JobRunner::run_thread() {
    {
        auto lease = m_database.lease();
        const auto given_up = lease ? resume_jobs(**lease, m_clock.wall()) : Result<std::vector<Job>>(lease.error());
        if (!given_up)
            log_error("jobs", "what an earlier server left cannot be resumed: " + given_up.error().message);
        else
            for (const Job& job : *given_up)
                (void)m_uploads.discard(**lease, job.upload);
    }
    Nanoseconds swept{0};
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        m_woken = false;
        lock.unlock();
        if (const Nanoseconds now = m_clock.monotonic(); swept.count() == 0 || now - swept > std::chrono::hours(1)) {
            swept = now;
            if (auto lease = m_database.lease()) {
                if (auto done = m_uploads.sweep(**lease); !done)
                    log_error("jobs", "old uploads cannot be taken away: " + done.error().message);
                (void)forget_jobs(**lease, m_clock.wall() - kept);
            }
        }
        const auto more = run_one();
        if (!more)
            log_error("jobs", "the queue cannot go on: " + more.error().message);
        lock.lock();
        if (!more)
            m_changed.wait_for(lock, pause_after_failure, [&] { return m_stopping; });
        else if (!*more)
            m_changed.wait_for(lock, 1h, [&] { return m_stopping || m_woken; });
    }
}

} // namespace capsule::server
