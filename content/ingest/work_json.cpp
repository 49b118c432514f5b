#include "content/ingest/work.hpp"

#include "content/capsule/fields.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace capsule::ingest {

namespace {

using Json = nlohmann::json;

constexpr std::size_t most_name = 4096, most_tracks = 256, most_track_bytes = 8u << 20, most_warnings = 1000;
constexpr std::int64_t most_ms = 24LL * 3600 * 1000;

const char* kind_name(CapsuleKind kind) { return kind == CapsuleKind::image ? "image" : "video"; }

} // namespace

Json to_json(const WorkOrder& order) {
    Json languages = Json::array();
    for (const CaptionHint& hint : order.hints.captions)
        languages.push_back(hint.language.empty() ? order.hints.language : hint.language);
    return {{"name", order.name},
            {"language", order.hints.language},
            {"kind", order.hints.kind ? Json(kind_name(*order.hints.kind)) : Json(nullptr)},
            {"duration_ms", order.hints.duration ? Json(order.hints.duration->count()) : Json(nullptr)},
            {"text_in_picture", order.hints.text_in_picture},
            {"captioned", languages},
            {"preset", order.preset},
            {"time_ms", order.time.count()}};
}

Result<WorkOrder> order_from_json(const Json& json) {
    Fields fields(json, "order");
    WorkOrder order;
    order.name = fields.text("name", most_name);
    order.hints.language = fields.text("language", 64);
    if (fields.has("kind"))
        order.hints.kind = fields.text("kind", 16) == "image" ? CapsuleKind::image : CapsuleKind::video;
    if (fields.has("duration_ms"))
        order.hints.duration = Milliseconds{fields.integer("duration_ms", 1, most_ms)};
    order.hints.text_in_picture = fields.boolean_or("text_in_picture", false);
    for (const Json& language : fields.array("captioned", most_tracks))
        order.hints.captions.push_back({language.is_string() ? language.get<std::string>() : "", {}, true});
    order.preset = fields.text("preset", 32);
    order.time = Milliseconds{fields.integer("time_ms", 1, most_ms)};
    if (!fields.ok())
        return fields.error();
    return order;
}

Json to_json(const Made& made) {
    Capsule carrier; // the version as it stands in a record
    carrier.kind = made.kind;
    carrier.versions.push_back(made.version);
    carrier.versions[0].media.bytes = std::max<std::uint64_t>(1, made.measurement.bytes); // a record's reader asks for some
    Json tracks = Json::array();
    for (const TextTrack& track : made.tracks)
        tracks.push_back({{"language", track.language}, {"webvtt", track.webvtt}, {"drawn", track.drawn}});
    return {{"kind", kind_name(made.kind)},
            {"version", capsule::to_json(carrier).at("versions").at(0)},
            {"measured", to_json(made.measurement)},
            {"tracks", tracks},
            {"warnings", made.warnings}};
}

Result<Made> made_from_json(const Json& json) {
    Fields fields(json, "made");
    Made made;
    made.kind = fields.text("kind", 16) == "image" ? CapsuleKind::image : CapsuleKind::video;
    const Json carrier{{"title", {{"fr", "-"}}}, {"kind", kind_name(made.kind)}, {"versions", Json::array({fields.object("version", 64)})}};
    CAPSULE_TRY(capsule, capsule_from_json(*CapsuleId::parse("x"), carrier));
    made.version = capsule.versions.at(0);
    made.version.media = {{}, 0, made.version.media.type};
    CAPSULE_TRY(measurement, measurement_from_json(fields.object("measured", 64)));
    made.measurement = measurement;
    for (const Json& value : fields.array("tracks", most_tracks)) {
        Fields inner(value, "made.tracks");
        made.tracks.push_back({inner.text("language", 64), inner.text("webvtt", most_track_bytes), inner.boolean_or("drawn", true)});
        fields.adopt(inner);
    }
    for (const Json& warning : fields.array("warnings", most_warnings))
        if (warning.is_string())
            made.warnings.push_back(warning.get<std::string>());
    if (!fields.ok())
        return fields.error();
    return made;
}

} // namespace capsule::ingest
