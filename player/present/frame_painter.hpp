// Drawing on pixels in memory by libyuv and libswscale: decoded pictures with their colours, turned and scaled; cards; overlays.
// Thread-bound: to one thread at a time (it keeps buffers and scalers between calls).
#pragma once

#include "content/base/result.hpp"
#include "content/drawing/picture.hpp"
#include "player/media/video_frame.hpp"
#include "player/present/layout.hpp"

#include <cstdint>
#include <memory>

namespace capsule {

// Rows of 0xAARRGGBB; the painter writes any alpha.
struct PixelTarget {
    std::uint32_t* pixels = nullptr;
    int pitch = 0; // bytes
    Size size;
};

class FramePainter {
public:
    FramePainter();
    ~FramePainter();

    // Fills `where` (inside the target) with the frame, turned by `turn` (the whole turn, file and screen). Refused when the pixel
    // format cannot be converted.
    Result<void> draw(const VideoFrame& frame, const Orientation& turn, const PixelTarget& target, const Rectangle& where);
    // Blends `overlay` (premultiplied) with its top left corner at x, y; what lies outside is cut off.
    void blend(const Picture& overlay, int x, int y, const PixelTarget& target);
    // The same picture, turned clockwise.
    Picture turned(const Picture& picture, int quarter_turns);
    // Blackens all but `keep`.
    void clear_around(const Rectangle& keep, const PixelTarget& target);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace capsule
