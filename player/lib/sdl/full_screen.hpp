// A window that is born full screen. Thread-bound: to the thread of the Library.
#pragma once

struct SDL_Window;

namespace capsule::sdl {

// Of a window that covers its display and has not been shown yet: lets the window manager, if any, know that it is a full-screen one. SDL
// itself only says so afterwards, and then waits for a tenth of a second for the window to move, which it need not. False when this
// cannot be said here (not X11): ask SDL for full screen then.
bool declare_full_screen(SDL_Window* window);

} // namespace capsule::sdl
