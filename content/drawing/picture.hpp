// Pixels in memory: 32 bits each, 0xAARRGGBB in the machine's order, colour premultiplied by alpha (Cairo's ARGB32, libyuv's ARGB,
// SDL's ARGB8888). Reentrant.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

namespace capsule {

struct Size {
    int width = 0, height = 0;
    bool operator==(const Size&) const = default;
};

struct Picture {
    Size size;
    std::vector<std::uint32_t> pixels; // row by row, size.width each, no padding

    Picture() = default;
    explicit Picture(Size s, std::uint32_t colour = 0)
        : size(s), pixels(static_cast<std::size_t>(s.width) * static_cast<std::size_t>(s.height), colour) {}
    std::uint32_t* row(int y) { return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width); }
    const std::uint32_t* row(int y) const { return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width); }
};

// A picture with its place in a larger one.
struct PlacedPicture {
    int x = 0, y = 0;
    Picture picture;
    // Two with the same serial hold the same pixels, so that what was made of one (turned, uploaded) serves the other; 0: not known.
    std::uint64_t serial = 0;
};

// One that nobody had before. Thread-safe.
inline std::uint64_t next_picture_serial() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

} // namespace capsule
