// The screen that pictures are put on. Thread-bound: to the thread that opened it (the presenting thread).
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/drawing/picture.hpp"
#include "player/media/video_frame.hpp"

#include <memory>
#include <string>
#include <vector>

namespace capsule {

enum class StageKind {
    automatic, // the GPU where there is a real one, else the CPU
    gpu,       // even one that is emulated: for tests
    cpu,
};

struct StageOptions {
    Size size;             // {0,0}: the whole display; 1920 × 1080 off screen
    bool headless = false; // drawn off screen
    bool windowed = false; // a window with a frame
    int display = 0;
    double margin = 0;     // the share of each side that the panel's frame hides (overscan), 0 to 0.1: left black
    int quarter_turns = 0; // how far the screen itself hangs turned, so that the picture is turned clockwise
    StageKind kind = StageKind::automatic;
};

struct StageEvents {
    bool quit = false;    // somebody closed the window
    bool changed = false; // the display changed: what was drawn but not shown must be drawn again
    bool lost = false;    // this stage can draw nothing any more: close it and open another
    bool gone = false;    // the display server has died: only a new process can draw again
    bool key = false;     // a key was pressed that means nothing else
};

// A picture over the frame, in the pixels of size(). Borrowed for the call.
using Overlays = std::vector<const PlacedPicture*>;

class Stage {
public:
    virtual ~Stage() = default;

    // As people see it: turned upright, without the margin.
    virtual Size size() const = 0;
    // The display's period; 0 when it reports none (pace as for 60 Hz then).
    virtual Nanoseconds refresh() const = 0;
    // One line for the log: driver, renderer, size.
    virtual std::string description() const = 0;

    // Whether a real GPU draws: where it does, decoding in hardware pays too.
    virtual bool has_gpu() const { return false; }

    // Draws what the next show() puts on screen: the frame in the middle, in its proportions, on black. Drawn ahead, so that show()
    // alone decides the moment. Refused when this frame cannot be drawn, here or on any stage opened instead; io when the stage fails at
    // any frame. It is then black.
    virtual Result<void> draw(const VideoFrame& frame, const Overlays& overlays) = 0;
    virtual Result<void> show() = 0;
    // What was drawn last, upright.
    virtual Picture grab() = 0;
    // What the display says; returns at once. To be called at least ten times a second.
    virtual StageEvents poll() = 0;
};

enum class NoDisplay {
    refused, // an error at once
    awaited, // a stage that says so and waits until there is one
};

// A stage that comes back by itself after whatever happens to the display, see RecoveringStage. Missing when there is no display,
// refused when it cannot be drawn on; the message says what is needed. Without a display that was asked for by number, the first.
Result<std::unique_ptr<Stage>> open_stage(const StageOptions& options, const Clock& clock, NoDisplay without);

} // namespace capsule
