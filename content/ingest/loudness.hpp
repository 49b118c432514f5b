// How loud a normalised video is (EBU R 128, by libebur128), and the gain that brings it to the house's level. Reentrant.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"

namespace capsule::ingest {

struct Loudness {
    double integrated_lufs = 0;
    double true_peak_dbtp = 0;
    bool silent = true; // nothing above the gate of -70 LUFS: the other two mean nothing
};

class VoiceMeter;

// Of the first sound of a file whose decoder gives planar floats, as AAC's does. Invalid otherwise. `voice`, if given, hears it, too, all channels mixed.
Result<Loudness> measure_loudness(const Path& file, VoiceMeter* voice = nullptr);

// Thousandths of a decibel to reach -23 LUFS: within 12 dB either way, and keeping the true peak at or below -1 dBTP. 0 when silent.
int house_gain_mdb(const Loudness& loudness);

} // namespace capsule::ingest
