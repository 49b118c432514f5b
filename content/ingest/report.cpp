#include "content/ingest/report.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace capsule::ingest {

namespace {

constexpr std::uint64_t most_caption_bytes = 1u << 20;

std::vector<ReviewedCaptions> captions_of(const CapsuleVersion& version, const Store& store) {
    std::vector<ReviewedCaptions> captions;
    for (const CaptionTrack& track : version.captions) {
        const auto bytes = store.read(track.blob.sha256, most_caption_bytes);
        captions.push_back(read_for_review(track.language, track.drawn, bytes ? *bytes : std::string()));
    }
    return captions;
}

} // namespace

Level CapsuleReport::verdict() const {
    Level worst = worst_of(findings);
    for (const VersionReport& version : versions)
        worst = std::max(worst, worst_of(version.findings));
    return worst;
}

CapsuleReport report_on(const Record& record, const Store& store, const std::string& today) {
    CapsuleReport report{record.capsule.id.text(), review_record(record.capsule, record.rights, record.review_by, today), {}};
    if (record.capsule.kind == CapsuleKind::card)
        return report;
    for (const CapsuleVersion& version : record.capsule.versions) {
        const auto known = record.measured.find(version.media.sha256);
        const auto measurement = known == record.measured.end() ? std::nullopt : std::optional(known->second);
        report.versions.push_back({version.language, version.media.sha256, review_version(version, captions_of(version, store), measurement), measurement});
    }
    return report;
}

nlohmann::json to_json(const CapsuleReport& report) {
    nlohmann::json versions = nlohmann::json::array();
    for (const VersionReport& version : report.versions) {
        nlohmann::json one = report_json(version.findings, version.measurement);
        one["language"] = version.language;
        one["sha256"] = version.media.hex();
        versions.push_back(std::move(one));
    }
    return {{"capsule", report.capsule},
            {"verdict", to_string(report.verdict())},
            {"findings", report_json(report.findings, {}).at("findings")},
            {"versions", versions}};
}

nlohmann::json version_report_json(const CapsuleVersion& version, const std::optional<Measurement>& measurement, const Store& store) {
    return report_json(review_version(version, captions_of(version, store), measurement), measurement);
}

} // namespace capsule::ingest
