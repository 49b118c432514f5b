// Pictures of any pixel format to 32-bit pixels of any size, by libswscale. Thread-bound: to one thread at a time.
#pragma once

#include "content/base/result.hpp"
#include "player/media/video_frame.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace capsule {

class Scaler {
public:
    Scaler();
    ~Scaler();

    // Writes size.height rows of size.width pixels 0xXXRRGGBB, `pitch` bytes apart; what is transparent lies on black. Refused when
    // the pixel format is not known.
    Result<void> scale(const VideoFrame& frame, std::uint32_t* out, int pitch, Size size);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace capsule
