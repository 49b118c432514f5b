// One file being demuxed and decoded, on the caller's thread and at the caller's pace. Thread-bound: to whoever opened it.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "player/media/picture_decoder.hpp"
#include "player/media/video_frame.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace capsule {

struct MediaInfo {
    std::string container, video_codec, audio_codec; // FFmpeg's names; no audio_codec: no sound, or not asked for
    Size size;
    bool still = false;        // a single picture, to be shown for as long as the item says
    Nanoseconds duration{};    // what the container says; 0 when unknown or not believable
    Nanoseconds usual_frame{}; // 0: unknown
    int threads = 1;
    std::string hardware; // what decodes the pictures; empty: the CPU
};

struct SessionOptions {
    bool sound = false;
    int threads = 0; // of the video decoder; 0: what suits the picture and the machine
    // Tried first, null: none. Shared: a session that hangs is left behind with whatever it uses.
    std::shared_ptr<HardwareDecoders> hardware = nullptr;
};

class Session {
public:
    // Opens the file and the decoders of its first video stream in file order and, when asked for, of its first audio stream
    // (without which it still plays). Errors: missing, refused (not a file, no picture in it, a codec that is not played here),
    // invalid. May take long on a slow disk.
    static Result<Session> open(const Path& path, const SessionOptions& options);
    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;
    ~Session();

    const MediaInfo& info() const;

    // The next picture in the order of presentation, or empty at the end. What does not decode is skipped and counted; invalid when
    // nothing at all could be decoded.
    Result<std::optional<VideoFrame>> next_video();
    // The next piece of sound, or empty at the end or without sound. Never fails: sound that does not decode is left out.
    std::optional<AudioBlock> next_audio();

    // Packets and pictures that did not decode so far.
    std::int64_t skipped() const;
    // Bytes of packets read for one of the streams while the other was asked for. Bounded: beyond 64 MiB the oldest sound goes.
    std::size_t waiting_bytes() const;

private:
    struct State;
    explicit Session(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace capsule
