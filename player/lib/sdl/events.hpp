// What the display tells us. Thread-bound: to the thread of the Library.
#pragma once

namespace capsule::sdl {

struct Events {
    bool quit = false;    // the window was closed, or Escape or q was pressed
    bool changed = false; // the window's size or the display changed, or its content was lost: draw anew
    bool gone = false;    // the display server has died: see connection.hpp
    bool key = false;     // any other key was pressed; a remote control's too
};

// Takes all that is waiting; returns at once.
Events poll_events();

} // namespace capsule::sdl
