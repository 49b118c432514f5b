// SDL itself, and its parts. Thread-bound: made and destroyed on the presenting thread.
#pragma once

#include "content/base/result.hpp"
#include "content/drawing/picture.hpp"

#include <memory>
#include <optional>
#include <string>

namespace capsule::sdl {

enum class Display {
    automatic, // the server's that DISPLAY (X11) or WAYLAND_DISPLAY names; where neither is set, the bare display (KMSDRM)
    none,      // drawn off screen
};

// A display within the plane of all of them.
struct Bounds {
    int x = 0, y = 0;
    Size size;
};

// What SDL and Xlib read from the environment, where nobody has set it: no message bus of a desktop is started for a screen without one,
// and the keyboard's composition rules (a megabyte of text) are not read. Before there is a second thread.
void settle_environment();

class Library {
public:
    // Starts the video part. Missing when this machine has no display that SDL can use; the message says what was tried.
    // `wayland`: whether a compositor may be tried (see wayland/compositor.hpp).
    static Result<Library> open(Display display, bool wayland = false);
    Library(Library&&) noexcept;
    Library& operator=(Library&&) noexcept;
    ~Library();

    // "x11", "wayland", "KMSDRM", "dummy".
    std::string video_driver() const;
    // The refresh rate of display `index` in Hz; 0 when it is not reported.
    double refresh(int index) const;
    int displays() const;
    // Whether windows have a frame buffer in memory here: SDL 2 has none on Wayland and KMSDRM.
    bool has_frame_buffer() const;
    std::optional<Bounds> bounds(int index) const; // as it was when the video part was started; empty: no such display

private:
    explicit Library(bool owner) : m_owner(owner) {}
    bool m_owner = false;
};

} // namespace capsule::sdl
