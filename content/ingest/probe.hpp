// What a master is, as found by opening it and decoding its first picture. Reentrant.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "content/capsule/capsule.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace capsule::ingest {

struct Rate {
    int numerator = 25, denominator = 1; // pictures per second
    bool operator==(const Rate&) const = default;
};

enum class Transfer { standard, pq, hlg };

struct Probe {
    CapsuleKind kind = CapsuleKind::video; // or image: a single picture without sound
    std::string format;                    // the demuxer's name for `ffmpeg -f`
    std::string codec;                     // the picture's
    int video = 0;                         // stream numbers in the file
    int audio = -1;                        // -1: no sound that can be decoded
    int width = 0, height = 0;             // as coded
    Rate rate;                             // of the normalised video
    bool drops_pictures = false;           // the master has more of them a second
    bool maybe_interlaced = false;
    Transfer transfer = Transfer::standard;
    std::string matrix = "bt709";           // swscale's name of the source's YUV matrix
    Milliseconds duration{0};               // as the container says; 0: it does not, or not credibly
    Milliseconds picture_end{0};            // from the file's start to the end of its picture stream; 0: not said, or not credibly
    std::vector<std::string> warnings;
};

// Errors name the file and the reason: missing, refused (no regular file, no picture, too large, a container or codec that is
// not read here), invalid (damaged beyond the first picture).
Result<Probe> probe(const Path& master);

// The frame rate that a master of this rate gets: at most 30, by dropping every second (third, …) picture where that fits, else
// kept. `average` and `base` are FFmpeg's avg_frame_rate and r_frame_rate; zero means unknown.
Rate house_rate(Rate average, Rate base);

} // namespace capsule::ingest
