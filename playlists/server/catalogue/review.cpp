#include "playlists/server/catalogue/review.hpp"

#include "content/capsule/fields.hpp"
#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace capsule::server {

namespace {

using Json = nlohmann::json;
using ingest::Finding;
using ingest::Level;

constexpr std::size_t most_reason = 1000;

Result<std::optional<ingest::Measurement>> measurement_of(sqlite::Database& database, const Digest& media) {
    CAPSULE_TRY(select, database.prepare("SELECT document FROM measurements WHERE sha256=?1"));
    select.bind(1, std::string_view(media.hex()));
    CAPSULE_TRY(row, select.step());
    if (!row)
        return std::optional<ingest::Measurement>{};
    CAPSULE_TRY(json, json::parse_strict(select.text(0)));
    CAPSULE_TRY(measurement, ingest::measurement_from_json(json));
    return std::optional(measurement);
}

// The record with what is known of its rights, even where that cannot be read: it then counts as not said.
ingest::Record record_of(const Capsule& capsule, const Json& json) {
    ingest::Record record{capsule, {}, {}, {}};
    if (const auto rights = json.find("rights"); rights != json.end() && rights->is_object())
        if (auto read = rights_from_json(*rights, "rights"))
            record.rights = *read;
    if (const auto date = json.find("review_by"); date != json.end() && date->is_string() && is_date(date->get<std::string>()))
        record.review_by = date->get<std::string>();
    if (const auto measured = json.find("measured"); measured != json.end() && measured->is_object()) // as `capsule push` sends it
        for (const auto& [name, value] : measured->items())
            if (const auto digest = Digest::parse(name))
                if (auto measurement = ingest::measurement_from_json(value))
                    record.measured.insert_or_assign(*digest, *measurement);
    return record;
}

Result<std::vector<Answer>> answers_of(sqlite::Database& database, const std::string& capsule) {
    CAPSULE_TRY(select, database.prepare("SELECT version, finding, text, reason, login, at_ms FROM answers WHERE capsule=?1 ORDER BY at_ms"));
    select.bind(1, std::string_view(capsule));
    std::vector<Answer> answers;
    for (;;) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            return answers;
        answers.push_back({select.text(0), select.text(1), select.text(2), select.text(3), select.text(4), instant_from_ms(select.integer(5))});
    }
}

// Each finding of the report, with the version that it is about ("": the record).
template <typename Visit>
void for_each_finding(const ingest::CapsuleReport& report, const Visit& visit) {
    for (const Finding& finding : report.findings)
        visit(std::string(), finding);
    for (const ingest::VersionReport& version : report.versions)
        for (const Finding& finding : version.findings)
            visit(version.media.hex(), finding);
}

void add_answers(Json& findings, const std::vector<Finding>& found, const std::string& version, const Review& review) {
    for (std::size_t i = 0; i < found.size(); ++i)
        if (const Answer* answer = review.answer_to(version, found[i]))
            findings[i]["answer"] = {{"reason", answer->reason}, {"login", answer->login}, {"at", to_rfc3339(answer->at)}};
}

} // namespace

std::string_view review_schema() {
    return "CREATE TABLE measurements(sha256 TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;"
           "CREATE TABLE answers(capsule TEXT NOT NULL, version TEXT NOT NULL, finding TEXT NOT NULL, text TEXT NOT NULL, reason TEXT NOT NULL,"
           " login TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY(capsule, version, finding, text)) STRICT;";
}

Result<void> keep_measurement(sqlite::Database& database, const Digest& media, const ingest::Measurement& measurement) {
    CAPSULE_TRY(insert, database.prepare("INSERT INTO measurements(sha256, document) VALUES(?1, ?2)"
                                         " ON CONFLICT(sha256) DO UPDATE SET document=excluded.document"));
    insert.bind(1, std::string_view(media.hex()));
    insert.bind(2, std::string_view(ingest::to_json(measurement).dump()));
    return insert.run();
}

const Answer* Review::answer_to(const std::string& version, const Finding& finding) const {
    const auto found = std::find_if(answers.begin(), answers.end(), [&](const Answer& answer) {
        return answer.version == version && answer.check == finding.check && answer.text == finding.text;
    });
    return found == answers.end() ? nullptr : &*found;
}

Result<Review> review_capsule(sqlite::Database& database, const Store& store, const std::string& id, const std::string& today) {
    CAPSULE_TRY(select, database.prepare("SELECT record FROM records WHERE kind='capsule' AND id=?1"));
    select.bind(1, std::string_view(id));
    CAPSULE_TRY(row, select.step());
    const auto capsule_id = CapsuleId::parse(id);
    if (!row || !capsule_id)
        return Error{Category::missing, "there is no capsule \"" + id + "\""};
    CAPSULE_TRY(json, json::parse_strict(select.text(0)));
    CAPSULE_TRY(capsule, capsule_from_json(*capsule_id, json));
    ingest::Record record = record_of(capsule, json);
    for (const CapsuleVersion& version : capsule.versions) {
        CAPSULE_TRY(known, measurement_of(database, version.media.sha256)); // the server's own goes before what came with the record
        if (known)
            record.measured.insert_or_assign(version.media.sha256, *known);
    }
    CAPSULE_TRY(answers, answers_of(database, id));
    Review review{ingest::report_on(record, store, today), {}};
    for_each_finding(review.report, [&](const std::string& version, const Finding& finding) {
        for (const Answer& answer : answers)
            if (finding.level == Level::warning && answer.version == version && answer.check == finding.check && answer.text == finding.text)
                review.answers.push_back(answer);
    });
    return review;
}

Json to_json(const Review& review) {
    Json json = ingest::to_json(review.report);
    add_answers(json["findings"], review.report.findings, "", review);
    for (std::size_t i = 0; i < review.report.versions.size(); ++i)
        add_answers(json["versions"][i]["findings"], review.report.versions[i].findings, review.report.versions[i].media.hex(), review);
    return json;
}

Result<void> answer_warning(sqlite::Database& database, const Store& store, const std::string& capsule, const std::string& today, Answer answer) {
    answer.reason.erase(0, answer.reason.find_first_not_of(" \t\r\n"));
    if (answer.reason.empty() || answer.reason.size() > most_reason)
        return Error{Category::invalid, "reason: a word of reason is expected, at most " + std::to_string(most_reason) + " bytes"};
    CAPSULE_TRY(review, review_capsule(database, store, capsule, today));
    std::vector<std::string> texts;
    bool fails = false;
    for_each_finding(review.report, [&](const std::string& version, const Finding& finding) {
        if (version != answer.version || finding.check != answer.check)
            return;
        fails = fails || finding.level == Level::fail;
        if (finding.level == Level::warning)
            texts.push_back(finding.text);
    });
    if (texts.empty())
        return fails ? Error{Category::invalid, "check: \"" + answer.check + "\" has failed: that must be put right, no reason helps"}
                     : Error{Category::missing, "there is no warning \"" + answer.check + "\" of this capsule now"};
    CAPSULE_TRY(insert, database.prepare("INSERT INTO answers(capsule, version, finding, text, reason, login, at_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                                         " ON CONFLICT DO UPDATE SET reason=excluded.reason, login=excluded.login, at_ms=excluded.at_ms"));
    for (const std::string& text : texts) {
        insert.bind(1, std::string_view(capsule));
        insert.bind(2, std::string_view(answer.version));
        insert.bind(3, std::string_view(answer.check));
        insert.bind(4, std::string_view(text));
        insert.bind(5, std::string_view(answer.reason));
        insert.bind(6, std::string_view(answer.login));
        insert.bind(7, to_ms(answer.at));
        CAPSULE_CHECK(insert.run());
    }
    return {};
}

Result<std::vector<std::string>> review_problems(sqlite::Database& database, const Store& store, const std::vector<std::string>& capsules,
                                                 const std::string& today) {
    std::vector<std::string> problems;
    for (const std::string& id : capsules) {
        auto review = review_capsule(database, store, id, today);
        if (!review)
            return review.error();
        // An expired capsule holds nothing back: screens pass it by themselves. What was sent by a program that measures nothing is not held back for it.
        if (std::none_of(review->report.versions.begin(), review->report.versions.end(), [](const auto& version) { return version.measurement.has_value(); }))
            continue;
        for_each_finding(review->report, [&](const std::string& version, const Finding& finding) {
            if (finding.level == Level::fail)
                problems.push_back("capsule \"" + id + "\": " + finding.check + ": " + finding.text);
            else if (finding.level == Level::warning && finding.check != "expiry" && !review->answer_to(version, finding))
                problems.push_back("capsule \"" + id + "\": " + finding.check + ": " + finding.text + " (put it right, or give a word of reason in its report)");
        });
    }
    return problems;
}

} // namespace capsule::server
