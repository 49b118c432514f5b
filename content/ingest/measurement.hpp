// What was measured of a version's bytes, for good: they are named by their digest. Values; reentrant. What it means: review.hpp.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/capsule/capsule.hpp"
#include "content/photosensitivity/flash_meter.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace capsule::ingest {

struct Span {
    Milliseconds from{0}, to{0}; // half-open
    bool operator==(const Span&) const = default;
    Milliseconds length() const { return to - from; }
};

// Its numbers with fractions are whole thousandths, so that what was written and read again is equal.
struct Measurement {
    CapsuleKind kind = CapsuleKind::video;
    Milliseconds duration{0};
    std::uint64_t bytes = 0;
    FlashReport flashes;
    std::vector<Span> black, frozen; // pictures
    bool has_sound = false;          // a track with something in it
    double integrated_lufs = 0, true_peak_dbtp = 0;
    std::vector<Span> silent, speech; // sound; speech is likely, not certain
    // Of an image: how the two main lightnesses stand apart (WCAG's contrast ratio, 1 to 21). Empty: it has no two.
    std::optional<double> contrast;
    bool operator==(const Measurement&) const = default;
};

nlohmann::json to_json(const Measurement& measurement);
// Invalid: names the member.
Result<Measurement> measurement_from_json(const nlohmann::json& json);

} // namespace capsule::ingest
