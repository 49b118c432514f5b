// Jobs as the database keeps them. Reentrant; each call takes the caller's connection and leaves it as before when it fails.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::server {

// DDL, SQLite.
std::string_view jobs_schema();

enum class JobState { waiting, running, done, failed, cancelled };
const char* to_string(JobState state);

// Why a job has no result.
struct JobEnd {
    std::string code;   // for programs: "damaged", "cancelled", …
    std::string text;   // a French sentence
    std::string detail; // English, one line
};

struct Job {
    std::string id; // 32 hexadecimal digits
    std::string login;
    std::string name;    // of the file, for people
    std::string upload;  // its id
    std::string request; // JSON, as it was asked
    JobState state = JobState::waiting;
    int begun = 0; // how many times
    Instant created{};
    std::optional<Instant> started, ended;
    std::string result; // JSON; empty until it is done
    std::optional<JobEnd> why;
};

static constexpr int most_beginnings = 3;

Result<void> add_job(sqlite::Database& database, const Job& job);
// Missing: there is none of that id.
Result<Job> read_job(sqlite::Database& database, const std::string& id);
// The newest first, at most 200; of one person, or of all (empty).
Result<std::vector<Job>> list_jobs(sqlite::Database& database, const std::string& login);
// The oldest that waits, now running. Empty: none waits.
Result<std::optional<Job>> take_job(sqlite::Database& database, Instant now);
Result<void> end_job(sqlite::Database& database, const std::string& id, JobState state, Instant now, const std::string& result,
                     const std::optional<JobEnd>& why);
// What ran when the server ended waits again; what has begun too often has failed: their ids.
Result<std::vector<Job>> resume_jobs(sqlite::Database& database, Instant now);
Result<void> forget_jobs(sqlite::Database& database, Instant ended_before);
// Running → waiting, as if it had not begun: the server stops in an orderly way.
Result<void> put_back(sqlite::Database& database, const std::string& id);

} // namespace capsule::server
