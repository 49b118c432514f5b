#include "playlists/server/jobs/job_request.hpp"

#include "content/base/encoding.hpp"
#include "content/capsule/fields.hpp"
#include "content/ingest/caption_file.hpp"
#include "content/lib/json/strict.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

constexpr std::size_t most_captions = 64;
constexpr std::size_t most_text = 1u << 20;
constexpr std::int64_t shortest_image = 1000, longest_image = 600'000;

bool is_upload(std::string_view text) { return text.size() == 32 && from_hex(text); }
bool is_kind(std::string_view text) { return text == "video" || text == "image"; }

} // namespace

Result<JobRequest> read_job_request(std::string_view body) {
    CAPSULE_TRY(json, json::parse_strict(body, {.bytes = 8u << 20, .depth = 8, .floats = false}));
    if (!json.is_object())
        return Error{Category::invalid, "the body must be a JSON object"};
    Fields fields(json, "job");
    JobRequest request;
    request.upload = fields.checked("upload", is_upload, "the id of an upload");
    request.hints.language = fields.has("language") ? fields.checked("language", is_language, "a language such as fr") : "fr";
    request.hints.text_in_picture = fields.boolean_or("text_in_picture", false);
    if (const std::string kind = fields.checked_or_empty("kind", is_kind, "video or image"); !kind.empty())
        request.hints.kind = kind == "image" ? CapsuleKind::image : CapsuleKind::video;
    if (fields.has("duration_ms"))
        request.hints.duration = Milliseconds{fields.integer("duration_ms", shortest_image, longest_image)};
    for (const auto& given : fields.array("captions", most_captions)) {
        Fields inner(given, "job.captions");
        GivenCaptions captions{inner.checked("language", is_language, "a language such as fr"), inner.text("text", most_text),
                               inner.boolean_or("drawn", !request.hints.text_in_picture)};
        fields.adopt(inner);
        if (!inner.ok())
            break;
        CAPSULE_TRY(file, ingest::caption_file_from(captions.text, "captions." + captions.language));
        captions.text = file.bytes;
        request.captions.push_back(std::move(captions));
    }
    if (!fields.ok())
        return fields.error();
    return request;
}

} // namespace capsule::server
