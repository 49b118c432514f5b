#include "playlists/server/jobs/job_book.hpp"

#include <array>
#include <utility>

namespace capsule::server {

namespace {

constexpr std::array states = {std::pair{JobState::waiting, "waiting"}, std::pair{JobState::running, "running"},
                               std::pair{JobState::done, "done"}, std::pair{JobState::failed, "failed"},
                               std::pair{JobState::cancelled, "cancelled"}};

constexpr const char* columns = "id, login, name, upload, request, state, begun, created_ms, started_ms, ended_ms, result, code, why, detail";

std::optional<Instant> instant_at(const sqlite::Statement& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional(instant_from_ms(row.integer(column)));
}

Job job_of(const sqlite::Statement& row) {
    Job job;
    job.id = row.text(0);
    job.login = row.text(1);
    job.name = row.text(2);
    job.upload = row.text(3);
    job.request = row.text(4);
    const std::string state = row.text(5);
    for (const auto& [value, name] : states)
        if (state == name)
            job.state = value;
    job.begun = static_cast<int>(row.integer(6));
    job.created = instant_from_ms(row.integer(7));
    job.started = instant_at(row, 8);
    job.ended = instant_at(row, 9);
    job.result = row.text(10);
    if (!row.is_null(11))
        job.why = JobEnd{row.text(11), row.text(12), row.text(13)};
    return job;
}

Result<std::vector<Job>> jobs_of(sqlite::Statement& select) {
    std::vector<Job> jobs;
    for (;;) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            return jobs;
        jobs.push_back(job_of(select));
    }
}

} // namespace

std::string_view jobs_schema() {
    return "CREATE TABLE jobs(number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, login TEXT NOT NULL, name TEXT NOT NULL,"
           " upload TEXT NOT NULL, request TEXT NOT NULL, state TEXT NOT NULL, begun INTEGER NOT NULL DEFAULT 0,"
           " created_ms INTEGER NOT NULL, started_ms INTEGER, ended_ms INTEGER, result TEXT NOT NULL DEFAULT '', code TEXT, why TEXT,"
           " detail TEXT) STRICT;"
           "CREATE INDEX jobs_by_state ON jobs(state, number);"
           "CREATE INDEX jobs_by_login ON jobs(login, number);";
}

const char* to_string(JobState state) {
    for (const auto& [value, name] : states)
        if (value == state)
            return name;
    return "";
}

Result<void> add_job(sqlite::Database& database, const Job& job) {
    CAPSULE_TRY(insert, database.prepare("INSERT INTO jobs(id, login, name, upload, request, state, created_ms)"
                                         " VALUES(?1, ?2, ?3, ?4, ?5, 'waiting', ?6)"));
    insert.bind(1, std::string_view(job.id));
    insert.bind(2, std::string_view(job.login));
    insert.bind(3, std::string_view(job.name));
    insert.bind(4, std::string_view(job.upload));
    insert.bind(5, std::string_view(job.request));
    insert.bind(6, to_ms(job.created));
    return insert.run();
}

Result<Job> read_job(sqlite::Database& database, const std::string& id) {
    CAPSULE_TRY(select, database.prepare(std::string("SELECT ") + columns + " FROM jobs WHERE id=?1"));
    select.bind(1, std::string_view(id));
    CAPSULE_TRY(row, select.step());
    if (!row)
        return Error{Category::missing, "there is no job " + id};
    return job_of(select);
}

Result<std::vector<Job>> list_jobs(sqlite::Database& database, const std::string& login) {
    CAPSULE_TRY(select, database.prepare(std::string("SELECT ") + columns +
                                         " FROM jobs WHERE ?1='' OR login=?1 ORDER BY number DESC LIMIT 200"));
    select.bind(1, std::string_view(login));
    return jobs_of(select);
}

Result<std::optional<Job>> take_job(sqlite::Database& database, Instant now) {
    CAPSULE_TRY(select, database.prepare(std::string("UPDATE jobs SET state='running', begun=begun+1, started_ms=?1 WHERE number="
                                                     "(SELECT min(number) FROM jobs WHERE state='waiting') RETURNING ") +
                                         columns));
    select.bind(1, to_ms(now));
    CAPSULE_TRY(jobs, jobs_of(select));
    return jobs.empty() ? std::optional<Job>{} : std::optional(std::move(jobs.front()));
}

Result<void> end_job(sqlite::Database& database, const std::string& id, JobState state, Instant now, const std::string& result,
                     const std::optional<JobEnd>& why) {
    CAPSULE_TRY(update, database.prepare("UPDATE jobs SET state=?2, ended_ms=?3, result=?4, code=?5, why=?6, detail=?7"
                                         " WHERE id=?1 AND state IN ('waiting', 'running')"));
    update.bind(1, std::string_view(id));
    update.bind(2, std::string_view(to_string(state)));
    update.bind(3, to_ms(now));
    update.bind(4, std::string_view(result));
    if (why) {
        update.bind(5, std::string_view(why->code));
        update.bind(6, std::string_view(why->text));
        update.bind(7, std::string_view(why->detail));
    }
    return update.run();
}

Result<std::vector<Job>> resume_jobs(sqlite::Database& database, Instant now) {
    CAPSULE_TRY(failed, database.prepare(std::string("UPDATE jobs SET state='failed', ended_ms=?1, code='interrupted',"
                                                     " why='La préparation a été interrompue trois fois\u00a0: le fichier est sans doute"
                                                     " en cause. Essayez avec un autre export.',"
                                                     " detail='the server ended three times while it worked on this file'"
                                                     " WHERE state='running' AND begun>=?2 RETURNING ") +
                                         columns));
    failed.bind(1, to_ms(now));
    failed.bind(2, std::int64_t{most_beginnings});
    CAPSULE_TRY(given_up, jobs_of(failed));
    CAPSULE_CHECK(database.execute("UPDATE jobs SET state='waiting' WHERE state='running'"));
    return std::move(given_up);
}

Result<void> put_back(sqlite::Database& database, const std::string& id) {
    CAPSULE_TRY(update, database.prepare("UPDATE jobs SET state='waiting', begun=begun-1 WHERE id=?1 AND state='running'"));
    update.bind(1, std::string_view(id));
    return update.run();
}

Result<void> forget_jobs(sqlite::Database& database, Instant ended_before) {
    CAPSULE_TRY(statement, database.prepare("DELETE FROM jobs WHERE ended_ms < ?1"));
    statement.bind(1, to_ms(ended_before));
    return statement.run();
}

} // namespace capsule::server
