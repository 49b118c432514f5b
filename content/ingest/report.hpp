// The report on a whole capsule: its record and every version, with their captions from the store. Reentrant.
#pragma once

#include "content/ingest/record.hpp"
#include "content/ingest/review.hpp"

namespace capsule::ingest {

struct VersionReport {
    std::string language;
    Digest media;
    std::vector<Finding> findings;
    std::optional<Measurement> measurement;
};

struct CapsuleReport {
    std::string capsule;
    std::vector<Finding> findings; // of the record
    std::vector<VersionReport> versions;
    Level verdict() const;
};

// `today` is a local date "2026-11-22". A caption file that cannot be read counts as one without cues.
CapsuleReport report_on(const Record& record, const Store& store, const std::string& today);
// {"capsule": id, "verdict": …, "findings": […], "versions": [{"language", "sha256", "verdict", "findings", "measured"}]}
nlohmann::json to_json(const CapsuleReport& report);
// One version alone, without a record: {"verdict", "findings", "measured"}.
nlohmann::json version_report_json(const CapsuleVersion& version, const std::optional<Measurement>& measurement, const Store& store);

} // namespace capsule::ingest
