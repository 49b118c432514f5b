// A decoded picture with all that is needed to show it rightly, and a piece of sound. Values; a VideoFrame moves, its pixels are
// never copied.
#pragma once

#include "content/base/clock.hpp"
#include "content/drawing/picture.hpp"
#include "content/lib/ffmpeg/frame.hpp"
#include "player/media/orientation.hpp"

#include <memory>
#include <vector>

namespace capsule {

enum class ColourMatrix { bt601, bt709, bt2020 };
enum class ColourRange { limited, full };

struct VideoFrame {
    Nanoseconds pts{}, duration{}; // within the item, from 0
    // One of the two: what a decoder gave, or what was drawn for the stage.
    ffmpeg::Frame decoded;
    std::shared_ptr<const Picture> drawn; // shared: a card stays on its deck while the presenting thread looks at it

    Size size;                // of the pixels, before turning
    double pixel_aspect = 1;  // width of a pixel over its height, before turning
    Orientation orientation;  // of the file
    ColourMatrix matrix = ColourMatrix::bt601;
    ColourRange range = ColourRange::limited;
};

struct AudioBlock {
    Nanoseconds pts{};          // on the pictures' timeline; may be negative
    std::vector<float> samples; // interleaved stereo, 48 kHz
};

inline constexpr int audio_rate = 48000;

} // namespace capsule
