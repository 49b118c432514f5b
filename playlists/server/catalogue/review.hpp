// What was found out about capsules, and what people answered to it. Reentrant; each call takes the caller's connection.
//
// Measurements are kept by the digest of what was measured; findings are made anew each time, from the record as it is now. An answer holds
// for one finding with its very words: when what was found changes, somebody has to look again.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/ingest/report.hpp"
#include "content/lib/sqlite/database.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace capsule::server {

// DDL, SQLite.
std::string_view review_schema();

Result<void> keep_measurement(sqlite::Database& database, const Digest& media, const ingest::Measurement& measurement);

// Why somebody lets a warning stand.
struct Answer {
    std::string version; // SHA-256 of its media; empty: the warning is about the record
    std::string check;   // as in the finding
    std::string text;    // the finding's, as it was read
    std::string reason;
    std::string login;
    Instant at{};
};

struct Review {
    ingest::CapsuleReport report;
    std::vector<Answer> answers; // those that hold
    // Of one version ("": of the record): the answer to this finding, if there is one.
    const Answer* answer_to(const std::string& version, const ingest::Finding& finding) const;
};

// Of the draft's capsule. Missing: there is none of that id.
Result<Review> review_capsule(sqlite::Database& database, const Store& store, const std::string& id, const std::string& today);
nlohmann::json to_json(const Review& review);

// Invalid: no reason, or a failure, which no reason helps; missing: there is no such warning now.
Result<void> answer_warning(sqlite::Database& database, const Store& store, const std::string& capsule, const std::string& today, Answer answer);

// What stands in the way of publishing these: failures, and warnings that nobody answered. One line each, with its place and remedy.
Result<std::vector<std::string>> review_problems(sqlite::Database& database, const Store& store, const std::vector<std::string>& capsules,
                                                 const std::string& today);

} // namespace capsule::server
