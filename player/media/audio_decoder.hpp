// A stream of sound as blocks of 48 kHz stereo. Thread-bound: to whoever feeds it.
#pragma once

#include "content/base/result.hpp"
#include "content/lib/ffmpeg/decoder.hpp"
#include "player/media/video_frame.hpp"

#include <memory>
#include <optional>
#include <string>

struct AVPacket;
struct AVStream;

namespace capsule {

class AudioDecoder {
public:
    // Refused: a codec that is not played here.
    static Result<AudioDecoder> open(const AVStream* stream, const ffmpeg::Limits& limits);
    AudioDecoder(AudioDecoder&&) noexcept;
    AudioDecoder& operator=(AudioDecoder&&) noexcept;
    ~AudioDecoder();

    // Null: no more packets. What does not decode is left out.
    void send(const AVPacket* packet);
    // Its pts is the stream's own time, not shifted. Empty: send more, or the end.
    std::optional<AudioBlock> receive();
    bool at_end() const;
    std::string codec() const;

private:
    struct State;
    explicit AudioDecoder(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace capsule
