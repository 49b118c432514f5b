// A media file being demuxed. Thread-bound: to whoever reads it.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "content/lib/ffmpeg/frame.hpp"

#include <cstdint>
#include <memory>
#include <string>

struct AVFormatContext;
struct AVStream;

namespace capsule::ffmpeg {

struct Limits {
    std::int64_t max_pixels = 8192LL * 4320; // per picture
};

// Comma-separated names for FFmpeg's format_whitelist and codec_whitelist, also handed to the ffmpeg program.
const char* format_whitelist();
const char* codec_whitelist();

// The Error for an AVERROR code; `what` says what was being done to which file.
Error error_from(int code, const std::string& what);

enum class Knowledge {
    full,    // what can be learnt by decoding the first pictures, too
    decoder, // what a decoder needs: where the container's own words are enough for that, nothing is decoded to learn more
};

class Input {
public:
    // Opens the file and finds its streams. Errors: missing, refused (not a regular file, a container outside the list),
    // invalid (no container that we know, or a broken one).
    static Result<Input> open(const Path& path, const Limits& limits = {}, Knowledge wanted = Knowledge::full);
    // As far as the header goes: quicker, but parameters and start times of streams may be missing, and some containers (MPEG-TS)
    // have no streams yet.
    static Result<Input> open_header(const Path& path, const Limits& limits = {});
    Input(Input&&) noexcept;
    Input& operator=(Input&&) noexcept;
    ~Input();

    AVFormatContext* context() const;
    // The first stream of that kind in file order that is not a cover picture; null when there is none.
    AVStream* first_video() const;
    AVStream* first_audio() const;
    AVStream* first_subtitle() const;
    // Packets of other streams are dropped by the demuxer from now on (null: none of that kind).
    void keep_only(const AVStream* a, const AVStream* b = nullptr, const AVStream* c = nullptr);

    // The next packet. False at the end of the file (also of a truncated one).
    Result<bool> read(Packet& packet);
    // Back to the start. io when the container cannot seek.
    Result<void> rewind();

    const Limits& limits() const;
    // False: nothing was decoded to learn about the streams.
    bool probed() const;

private:
    struct State;
    explicit Input(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace capsule::ffmpeg
