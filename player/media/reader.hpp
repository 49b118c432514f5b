// A Session on a thread of its own, decoding ahead into bounded queues. All members: one thread at a time (the preparing thread
// until the item is ready, then the presenting one).
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "player/media/session.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <variant>

namespace capsule {

struct NotYet {}; // nothing decoded so far
struct Ended {};  // no more pictures
using TakenFrame = std::variant<NotYet, VideoFrame, Ended, Error>;

struct ReaderLimits {
    // Eight frames ahead cost 24 MiB more than four at 1080p and gained nothing.
    std::size_t frames_held = 2, frames_playing = 4;
    Nanoseconds sound_ahead = std::chrono::milliseconds(600);
};

class Reader {
public:
    // Returns at once; the thread opens the file.
    static std::unique_ptr<Reader> start(const Path& path, const SessionOptions& options, const ReaderLimits& limits = {});
    // Returns at once: the thread ends when what it does at the moment comes back. It owns all that it touches, so one that hangs
    // (a dead network disk, a decoder that loops) is left behind and harms nobody.
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    // Waits until the first frame is decoded. Errors: the Session's, or timeout.
    Result<MediaInfo> wait_first_frame(Nanoseconds patience);
    // Fills the larger queue from now on.
    void play();
    // The next frame; waits for it no longer than `patience`. After Ended or an Error, the same again.
    TakenFrame take(Nanoseconds patience);
    // Empty: nothing now. Never waits.
    std::optional<AudioBlock> take_audio();
    bool audio_ended() const;
    // When the last frame ends, on the item's time, once all of them are decoded; empty before, and after an error.
    std::optional<Nanoseconds> known_end() const;
    std::int64_t skipped() const;

    // Threads that still run, of all readers: those left behind too.
    static int threads_alive();

private:
    struct Channel;
    explicit Reader(std::shared_ptr<Channel> channel);
    std::shared_ptr<Channel> m_channel; // shared with the thread, which may outlive this object
};

} // namespace capsule
