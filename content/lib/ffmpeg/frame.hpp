// Owners of AVPacket and AVFrame. Reentrant; a frame's data is reference-counted by FFmpeg, so moving one copies no picture.
#pragma once

#include <memory>

struct AVPacket;
struct AVFrame;

namespace capsule::ffmpeg {

struct PacketFree {
    void operator()(AVPacket*) const;
};
struct FrameFree {
    void operator()(AVFrame*) const;
};
using Packet = std::unique_ptr<AVPacket, PacketFree>;
using Frame = std::unique_ptr<AVFrame, FrameFree>;

// Empty ones; never null (memory exhaustion ends the process).
Packet make_packet();
Frame make_frame();

} // namespace capsule::ffmpeg
