// SDL itself, and its parts. Thread-bound: made and destroyed on the presenting thread.
#pragma once

#include "content/base/result.hpp"

#include <memory>
#include <string>

namespace capsule::sdl {

enum class Display {
    automatic, // the desktop's (X11, Wayland), else the bare display (KMSDRM)
    none,      // drawn off screen
};

class Library {
public:
    // Starts the video part. Refused when this machine has no display that SDL can use; the message says what was tried.
    static Result<Library> open(Display display);
    Library(Library&&) noexcept;
    Library& operator=(Library&&) noexcept;
    ~Library();

    // "x11", "wayland", "KMSDRM", "dummy".
    std::string video_driver() const;
    // The refresh rate of display `index` in Hz; 0 when it is not reported.
    double refresh(int index) const;
    int displays() const;

private:
    explicit Library(bool owner) : m_owner(owner) {}
    bool m_owner = false;
};

} // namespace capsule::sdl
