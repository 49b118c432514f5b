#include "content/lib/ffmpeg/frame.hpp"

extern "C" {
#include <libavcodec/packet.h>
#include <libavutil/frame.h>
}

#include <new>

namespace capsule::ffmpeg {

void PacketFree::operator()(AVPacket* packet) const { av_packet_free(&packet); }
void FrameFree::operator()(AVFrame* frame) const { av_frame_free(&frame); }

Packet make_packet() {
    Packet packet(av_packet_alloc());
    if (!packet)
        throw std::bad_alloc();
    return packet;
}

Frame make_frame() {
    Frame frame(av_frame_alloc());
    if (!frame)
        throw std::bad_alloc();
    return frame;
}

} // namespace capsule::ffmpeg
