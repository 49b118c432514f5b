// Raw frames to an MP4 of the house profile, by the `ffmpeg` program as a child: H.264 High, 8-bit 4:2:0, BT.709, closed groups of two
// seconds, index in front, no sound. Thread-bound to the thread that made it.
#pragma once

#include "content/base/disk.hpp"
#include "content/samples/planes.hpp"

#include <string>
#include <vector>

namespace capsule::samples {

// A child that reads frames from its standard input. Destroying it before finish() ends the child; its output is then worth nothing.
class FramePipe {
public:
    // `arguments` of ffmpeg after those that describe the input (size, rate, yuv420p on pipe:0). Missing: no such program.
    static Result<FramePipe> open(Size size, int frames_per_second, const std::vector<std::string>& arguments);
    FramePipe(FramePipe&& other) noexcept;
    FramePipe& operator=(FramePipe&&) = delete;
    ~FramePipe();

    // Waits while the child is busy. Io, with what the child said, when it has gone.
    Result<void> write(const Planes& frame);
    // Closes its input and waits for its end.
    Result<void> finish();

private:
    FramePipe() = default;
    Error failure(const std::string& otherwise);

    int m_child = -1, m_input = -1, m_said = -1;
};

// The arguments for a video file; for a thumbnail (WebP, 640 wide) of one frame.
std::vector<std::string> video_arguments(const Path& file);
std::vector<std::string> thumbnail_arguments(const Path& file);

} // namespace capsule::samples
