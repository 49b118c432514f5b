// One JSON object per line and frame that was put on screen: t_ns (monotonic), item, showing, frame, pts_ms, kind, late_ms.
// The presenting thread hands the frames over; a thread of its own writes each at once, so that a killed program loses only what was
// handed over in the last few milliseconds. A file that cannot be written (full disk) loses lines, which is logged once; the picture
// goes on.
#pragma once

#include "content/base/disk.hpp"
#include "content/base/mailbox.hpp"
#include "content/base/result.hpp"
#include "player/playback/item.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <thread>

namespace capsule {

class FramesLog final : public PlaybackListener {
public:
    // Appends to the file, so that the log of a program that was started again keeps what the first one wrote. Refused or io when
    // it cannot be opened.
    static Result<std::unique_ptr<FramesLog>> open(const Path& path);
    // Writes what was handed over.
    ~FramesLog() override;

    void frame_shown(const PlayItem& item, const ShownFrame& frame) override;

private:
    struct Line {
        std::string item;
        MediaKind kind;
        ShownFrame frame;
    };
    FramesLog(int file, Path path);
    void run();

    const int m_file;
    const Path m_path;
    Mailbox<Line> m_lines{4096};
    std::int64_t m_lost = 0; // presenting thread
    std::thread m_thread;    // last: it uses all of the above
};

// The line, without line feed.
std::string frame_line(const std::string& item, MediaKind kind, const ShownFrame& frame);
const char* to_string(MediaKind kind);

} // namespace capsule
