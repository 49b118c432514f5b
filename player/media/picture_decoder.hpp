// What turns one stream's packets into pictures in memory: the CPU, or a circuit that the machine has for it. Thread-bound: to whoever
// feeds it.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/ffmpeg/decoder.hpp"

#include <memory>
#include <string>

struct AVPacket;
struct AVStream;

namespace capsule {

class PictureDecoder {
public:
    virtual ~PictureDecoder() = default;
    // As ffmpeg::Decoder: a null packet starts the drain; receive until it is hungry before sending again. Pictures are in memory.
    virtual Result<void> send(const AVPacket* packet) = 0;
    virtual Result<ffmpeg::Received> receive(ffmpeg::Frame& frame) = 0;
};

// The circuits of one machine. Thread-safe: sessions on several threads open decoders of it.
class HardwareDecoders {
public:
    virtual ~HardwareDecoders() = default;
    // "VAAPI (/dev/dri/renderD128)", for the log.
    virtual std::string name() const = 0;
    // Refused: not this codec. A decoder that opens may still fail at its first picture or in the middle.
    virtual Result<std::unique_ptr<PictureDecoder>> open(const AVStream* stream, const ffmpeg::Limits& limits) = 0;
};

// The best that this machine has, or null: VAAPI (a render node of /dev/dri with a driver for it), then V4L2 M2M (a memory-to-memory
// decoder among /dev/video*). Takes up to some tens of milliseconds where there is one.
std::shared_ptr<HardwareDecoders> find_hardware_decoders();

} // namespace capsule
