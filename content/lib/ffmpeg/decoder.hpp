// One stream's decoder. Thread-bound: to whoever feeds it.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/ffmpeg/frame.hpp"
#include "content/lib/ffmpeg/input.hpp"

#include <memory>

struct AVBufferRef;
struct AVCodecContext;
struct AVStream;

namespace capsule::ffmpeg {

enum class Received {
    frame, // one more; ask again
    hungry, // send a packet first
    end,   // drained
};

// Another decoder than the usual one.
struct DecoderChoice {
    const char* codec = nullptr;   // FFmpeg's name; null: the usual one for the stream
    AVBufferRef* device = nullptr; // that decodes, borrowed for the call; null: none
    int device_format = -1;        // the pixel format of its pictures; what it cannot give in that format does not decode
};

class Decoder {
public:
    // Refused: no decoder on the list knows this codec.
    static Result<Decoder> open(const AVStream* stream, const Limits& limits, int threads, const DecoderChoice& choice = {});
    Decoder(Decoder&&) noexcept;
    Decoder& operator=(Decoder&&) noexcept;
    ~Decoder();

    // A null packet starts the drain. An invalid packet is an error of category invalid: the caller may go on with the next.
    // Call receive until it is hungry before sending again.
    Result<void> send(const AVPacket* packet);
    Result<Received> receive(Frame& frame);
    // After rewind: forgets what is inside.
    void flush();
    AVCodecContext* context() const;

private:
    struct State;
    explicit Decoder(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace capsule::ffmpeg
