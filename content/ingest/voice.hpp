// Silence, and where somebody probably speaks. Pure; thread-bound: to whoever feeds it.
//
// Speech is told by two things that music and noise seldom have together: most of its power lies between 300 and 3400 Hz, and that power falls
// and rises with the syllables, several times a second and deeply. It is a guess, and named so wherever it is reported: singing passes for speech,
// speech under loud music does not.
#pragma once

#include "content/ingest/measurement.hpp"

#include <span>
#include <vector>

namespace capsule::ingest {

class VoiceMeter {
public:
    static constexpr Milliseconds shortest_silence{2000};

    explicit VoiceMeter(int samples_per_second);
    // Mono, -1 to 1.
    void add(std::span<const float> samples);
    void finish();

    const std::vector<Span>& silent() const { return m_silent; }
    const std::vector<Span>& speech() const { return m_speech; }

private:
    struct Biquad {
        double b0 = 0, b1 = 0, b2 = 0, a1 = 0, a2 = 0, z1 = 0, z2 = 0;
        double step(double in) {
            const double out = b0 * in + z1;
            z1 = b1 * in - a1 * out + z2;
            z2 = b2 * in - a2 * out;
            return out;
        }
    };
    struct Power {
        float whole, band; // decibels below full scale
    };
    static Biquad high_pass(double rate, double corner);
    static Biquad low_pass(double rate, double corner);
    void find_silence();
    void find_speech();

    std::size_t m_frame;                 // samples in 20 ms
    std::size_t m_count = 0;
    double m_whole_sum = 0, m_band_sum = 0;
    Biquad m_high, m_low;
    std::vector<Power> m_frames;
    std::vector<Span> m_silent, m_speech;
};

} // namespace capsule::ingest
