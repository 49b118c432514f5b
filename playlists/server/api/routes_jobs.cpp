#include "playlists/server/api/api.hpp"
#include "playlists/server/api/errors.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t most_request = 4u << 20; // captions come with it

Json at(const std::optional<Instant>& instant) { return instant ? Json(to_rfc3339(*instant)) : Json(nullptr); }

Json to_json(const Job& job, const JobRunner& runner) {
    Json json{{"id", job.id},           {"state", to_string(job.state)}, {"name", job.name},   {"login", job.login},
              {"upload", job.upload},   {"created", to_rfc3339(job.created)}, {"started", at(job.started)},
              {"ended", at(job.ended)}, {"progress", job.state == JobState::done ? 1.0 : runner.progress_of(job.id).value_or(0.0)}};
    json["result"] = job.result.empty() ? Json(nullptr) : Json::parse(job.result, nullptr, false);
    json["why"] = job.why ? Json{{"code", job.why->code}, {"text", job.why->text}, {"detail", job.why->detail}} : Json(nullptr);
    return json;
}

bool sees_all(const Person& person) { return person.role == Role::administrator; }

Result<Job> job_of(const Call& call) {
    CAPSULE_TRY(job, read_job(call.database, call.parameters.at("job")));
    if (job.login != call.person->login && !sees_all(*call.person))
        return Error{Category::missing, "there is no job " + job.id};
    return std::move(job);
}

} // namespace

void add_job_routes(RouteTable& table, const Services& services) {
    const std::string all = "/api/v1/jobs", one = all + "/{job}";
    table.add({"POST", all, Admission::Body::memory, most_request, [&services](Call& call) {
                   const auto job = services.jobs.add(call.database, call.person->login, call.request.body);
                   if (!job)
                       return error_response(job.error());
                   Response response = json_response(to_json(*job, services.jobs).dump(), 201);
                   response.set("Location", "/api/v1/jobs/" + job->id);
                   return response;
               }});
    table.add({"GET", all, Admission::Body::none, 0, [&services](Call& call) {
                   const auto jobs = list_jobs(call.database, sees_all(*call.person) ? "" : call.person->login);
                   if (!jobs)
                       return error_response(jobs.error());
                   Json list = Json::array();
                   for (const Job& job : *jobs)
                       list.push_back(to_json(job, services.jobs));
                   return json_response(Json{{"jobs", list}}.dump());
               }});
    table.add({"GET", one, Admission::Body::none, 0, [&services](Call& call) {
                   const auto job = job_of(call);
                   return job ? json_response(to_json(*job, services.jobs).dump()) : error_response(job.error());
               }});
    table.add({"DELETE", one, Admission::Body::none, 0, [&services](Call& call) {
                   const auto job = job_of(call);
                   if (!job)
                       return error_response(job.error());
                   if (auto cancelled = services.jobs.cancel(call.database, job->id); !cancelled)
                       return error_response(cancelled.error());
                   Response response;
                   response.status = 204;
                   return response;
               }});
}

} // namespace capsule::server
