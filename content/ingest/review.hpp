// What stands against showing a version, and what somebody should look at: the report. Pure. The rules: README.md ("The report").
#pragma once

#include "content/captions/cue.hpp"
#include "content/capsule/capsule.hpp"
#include "content/capsule/rights.hpp"
#include "content/ingest/measurement.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::ingest {

enum class Level { pass, warning, fail };
const char* to_string(Level level);

struct Finding {
    std::string check; // never renamed: "captions", "captions-lines", "flashes-general", …
    Level level = Level::pass;
    std::string text;        // a French sentence
    std::vector<Span> spans; // where in the film; may be empty
    bool operator==(const Finding&) const = default;
};

struct ReviewedCaptions {
    std::string language;
    bool drawn = true;
    std::vector<Cue> cues;
    std::size_t announced = 0; // cues in the file, with those that cannot be read
};
// Of a caption file's bytes.
ReviewedCaptions read_for_review(const std::string& language, bool drawn, std::string_view bytes);

// Of one version. Without a measurement only what can be said without: captions, and that nothing was measured (a warning).
std::vector<Finding> review_version(const CapsuleVersion& version, const std::vector<ReviewedCaptions>& captions,
                                    const std::optional<Measurement>& measurement);
// Of what stands in the record, whatever the version: rights, expiry, review date. `today` is a local date "2026-11-22".
std::vector<Finding> review_record(const Capsule& capsule, const Rights& rights, const std::string& review_by, const std::string& today);

Level worst_of(const std::vector<Finding>& findings);
// {"verdict": …, "findings": […], "measured": {…}}
nlohmann::json report_json(const std::vector<Finding>& findings, const std::optional<Measurement>& measurement);

// The characters that can be read in so long a time: 12 in 1 s, 20 in 2 s, 36 in 3 s, 60 in 4 s, in between in proportion.
double legible_characters(Milliseconds time);

} // namespace capsule::ingest
