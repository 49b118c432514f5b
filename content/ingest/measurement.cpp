#include "content/ingest/measurement.hpp"

#include "content/capsule/fields.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace capsule::ingest {

namespace {

using Json = nlohmann::json;

constexpr std::size_t most_spans = 10'000;
constexpr std::int64_t most_ms = 24LL * 3600 * 1000;

// Thousandths: what is signed or compared has no floating-point numbers.
std::int64_t thousandths(double value) { return std::llround(value * 1000); }

Json spans_json(const std::vector<Span>& spans) {
    Json list = Json::array();
    for (const Span& span : spans)
        list.push_back(Json::array({span.from.count(), span.to.count()}));
    return list;
}

Json count_json(const FlashCount& count) {
    return {{"flashes", count.flashes}, {"changes", count.changes}, {"worst_at_ms", count.worst_at.count()}, {"area_permille", thousandths(count.area)}};
}

std::vector<Span> spans_of(Fields& fields, const char* key) {
    std::vector<Span> spans;
    for (const Json& pair : fields.array(key, most_spans)) {
        if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number_integer() || !pair[1].is_number_integer()) {
            fields.complain(key, "pairs of milliseconds are expected");
            break;
        }
        const Span span{Milliseconds{pair[0].get<std::int64_t>()}, Milliseconds{pair[1].get<std::int64_t>()}};
        if (span.from.count() < 0 || span.to <= span.from || span.to.count() > most_ms) {
            fields.complain(key, "pairs of rising milliseconds are expected");
            break;
        }
        spans.push_back(span);
    }
    return spans;
}

FlashCount count_of(Fields& fields, const char* key) {
    Fields inner(fields.object(key, 16), fields.path(key));
    FlashCount count;
    count.flashes = static_cast<int>(inner.integer("flashes", 0, 1000));
    count.changes = static_cast<int>(inner.integer("changes", 0, 2000));
    count.worst_at = Milliseconds{inner.integer("worst_at_ms", 0, most_ms)};
    count.area = static_cast<double>(inner.integer("area_permille", 0, 1000)) / 1000;
    fields.adopt(inner);
    return count;
}

} // namespace

Json to_json(const Measurement& measurement) {
    return {{"kind", measurement.kind == CapsuleKind::image ? "image" : "video"},
            {"duration_ms", measurement.duration.count()},
            {"bytes", measurement.bytes},
            {"flashes_general", count_json(measurement.flashes.general)},
            {"flashes_red", count_json(measurement.flashes.red)},
            {"black_ms", spans_json(measurement.black)},
            {"frozen_ms", spans_json(measurement.frozen)},
            {"sound", measurement.has_sound},
            {"integrated_mlufs", thousandths(measurement.integrated_lufs)},
            {"true_peak_mdbtp", thousandths(measurement.true_peak_dbtp)},
            {"silent_ms", spans_json(measurement.silent)},
            {"speech_ms", spans_json(measurement.speech)},
            {"contrast_permille", measurement.contrast ? Json(thousandths(*measurement.contrast)) : Json(nullptr)}};
}

Result<Measurement> measurement_from_json(const Json& json) {
    Fields fields(json, "measured");
    Measurement measurement;
    measurement.kind = fields.text("kind", 16) == "image" ? CapsuleKind::image : CapsuleKind::video;
    measurement.duration = Milliseconds{fields.integer("duration_ms", 0, most_ms)};
    measurement.bytes = static_cast<std::uint64_t>(fields.integer("bytes", 0, INT64_MAX));
    measurement.flashes.general = count_of(fields, "flashes_general");
    measurement.flashes.red = count_of(fields, "flashes_red");
    measurement.black = spans_of(fields, "black_ms");
    measurement.frozen = spans_of(fields, "frozen_ms");
    measurement.has_sound = fields.boolean_or("sound", false);
    measurement.integrated_lufs = static_cast<double>(fields.integer("integrated_mlufs", -200'000, 200'000)) / 1000;
    measurement.true_peak_dbtp = static_cast<double>(fields.integer("true_peak_mdbtp", -200'000, 200'000)) / 1000;
    measurement.silent = spans_of(fields, "silent_ms");
    measurement.speech = spans_of(fields, "speech_ms");
    if (fields.has("contrast_permille"))
        measurement.contrast = static_cast<double>(fields.integer("contrast_permille", 1000, 21'000)) / 1000;
    if (!fields.ok())
        return fields.error();
    return measurement;
}

} // namespace capsule::ingest
