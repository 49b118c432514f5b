// Enlarging 4:2:0 pictures on their way to 32-bit pixels, by libyuv and a row scaler of our own. Thread-bound: to one thread at a time
// (it keeps its tables and rows between calls).
#pragma once

#include "content/drawing/picture.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace libyuv {
struct YuvConstants;
}

namespace capsule {

// A 4:2:0 picture somewhere in memory; the colour planes have half the size, rounded up. Pitches in bytes.
struct Planes {
    const std::uint8_t *y, *u, *v;
    int y_pitch, u_pitch, v_pitch;
    Size size;
};

// Bilinear, row by row: a source row is widened once, two of them make an output row, and two output rows are converted while they are still
// in the nearest cache. libyuv's own ways write a whole picture in between, and widen one pixel at a time: 2.9 ms for 720p to 1080p where
// this takes 1.1.
class Enlarger {
public:
    // Whether it can be done here: both sides grow, the source is wide enough, and the processor has SSSE3. Else: another way.
    static bool can(Size from, Size to);
    // Only what can() affirms. Writes to.height rows of to.width pixels, `pitch` bytes apart.
    void draw(const Planes& from, const libyuv::YuvConstants& constants, std::uint8_t* out, int pitch, Size to);

private:
    // How to widen a row: for each eight output pixels where to read, which bytes, and their weights.
    struct Widening {
        int from = 0, to = 0;
        std::vector<int> base;            // per group
        std::vector<std::uint8_t> bytes;  // 16 per group: pairs of neighbours, from base
        std::vector<std::uint8_t> weight; // 16 per group: of each; a pair makes 64
        void fit(int source, int target);
    };
    // A plane on its way: the two widened rows that the next output row lies between.
    struct Plane {
        Widening widening;
        std::vector<std::uint8_t> rows; // two of them
        int held[2] = {-1, -1};         // which source row each is
        void begin(int source_width, int target_width);
        const std::uint8_t* row(const std::uint8_t* plane, int pitch, int number);
        void make(const std::uint8_t* plane, int pitch, int source_height, int target_height, int line, std::uint8_t* out);
    };
    Plane m_y, m_u, m_v;
    std::vector<std::uint8_t> m_lines; // two of luma, one of each colour
};

} // namespace capsule
