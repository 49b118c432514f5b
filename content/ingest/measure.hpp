// Measures what a master became, by decoding it once. Reentrant.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "content/ingest/loudness.hpp"
#include "content/ingest/measurement.hpp"
#include "content/ingest/probe.hpp"

#include <functional>

namespace capsule::ingest {

struct Measured {
    Measurement measurement; // without bytes
    Loudness loudness;       // of its sound, if it has any
};

// `made` is the normalised file, `master` where it came from: where pictures were dropped to get down to 30 a second, flashes are counted in the
// master, too, and the worse count holds. `progress`: 0 to 1. Errors: as ffmpeg::Input's.
Result<Measured> measure(const Path& made, const Path& master, const Probe& probe, Milliseconds duration, const std::function<void(double)>& progress);

} // namespace capsule::ingest
