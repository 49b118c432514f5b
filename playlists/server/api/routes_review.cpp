#include "content/capsule/fields.hpp"
#include "content/ingest/caption_file.hpp"
#include "content/lib/json/strict.hpp"
#include "playlists/server/api/api.hpp"
#include "playlists/server/api/errors.hpp"
#include "playlists/server/catalogue/review.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t most_answer = 16u << 10, most_captions = 2u << 20;

std::string today(const Services& services) { return to_rfc3339(services.clock.wall()).substr(0, 10); }

bool is_version(std::string_view text) { return Digest::parse(text).has_value(); }

Response report(const Services& services, Call& call) {
    const auto review = review_capsule(call.database, services.store, call.parameters.at("id"), today(services));
    return review ? json_response(to_json(*review).dump()) : error_response(review.error());
}

Response answer(const Services& services, Call& call) {
    const auto body = json::parse_strict(call.request.body);
    if (!body)
        return error_response(in_context("the body", body.error()));
    Fields fields(*body, "answer");
    Answer given;
    given.version = fields.checked_or_empty("version", is_version, "the SHA-256 of a version");
    given.check = fields.checked("check", is_code, "the name of a check");
    given.reason = fields.text("reason", 1000);
    given.login = call.person->login;
    given.at = services.clock.wall();
    if (!fields.ok())
        return error_response(fields.error());
    if (auto kept = answer_warning(call.database, services.store, call.parameters.at("id"), today(services), given); !kept)
        return error_response(kept.error());
    call.logged = Json{{"version", given.version}, {"check", given.check}, {"reason", given.reason}}.dump();
    return report(services, call);
}

Response keep_captions(const Services& services, Call& call) {
    const auto body = json::parse_strict(call.request.body);
    if (!body)
        return error_response(in_context("the body", body.error()));
    Fields fields(*body, "captions");
    const std::string language = fields.checked("language", is_language, "a language such as fr");
    const std::string text = fields.text("text", most_captions);
    const bool drawn = fields.boolean_or("drawn", true);
    if (!fields.ok())
        return error_response(fields.error());
    const auto file = ingest::caption_file_from(text, "captions.text");
    if (!file)
        return error_response(file.error());
    const auto blob = services.store.add_bytes(file->bytes);
    if (!blob)
        return error_response(blob.error());
    if (auto noted = services.catalogue.note_types(call.database, {{blob->digest, blob->bytes, file->type}}); !noted)
        return error_response(noted.error());
    CapsuleVersion version;
    version.language = language;
    version.media.type = "video/mp4";
    std::vector<ingest::Finding> findings = ingest::review_version(version, {ingest::read_for_review(language, drawn, file->bytes)}, {});
    std::erase_if(findings, [](const ingest::Finding& finding) { return finding.check == "measured"; });
    return json_response(Json{{"track", {{"language", language}, {"sha256", blob->digest.hex()}, {"bytes", blob->bytes}, {"type", file->type}, {"drawn", drawn}}},
                              {"findings", ingest::report_json(findings, {}).at("findings")}}
                             .dump(),
                         201);
}

} // namespace

void add_review_routes(RouteTable& table, const Services& services) {
    table.add({"GET", "/api/v1/capsules/{id}/report", Admission::Body::none, 0,
               [&services](Call& call) { return report(services, call); }});
    table.add({"POST", "/api/v1/capsules/{id}/report/answers", Admission::Body::memory, most_answer,
               [&services](Call& call) { return answer(services, call); }});
    table.add({"POST", "/api/v1/captions", Admission::Body::memory, most_captions,
               [&services](Call& call) { return keep_captions(services, call); }});
}

} // namespace capsule::server
