// A window and its frame buffer in memory. Thread-bound: to the thread of the Library, which must outlive it.
#pragma once

#include "content/base/result.hpp"
#include "content/drawing/picture.hpp"

#include <cstdint>
#include <memory>

struct SDL_Window;

namespace capsule::sdl {

struct WindowOptions {
    Size size;               // {0,0}: the whole display
    bool full_screen = true; // else a window with a frame
    int display = 0;
    bool for_frame_buffer = false; // no renderer follows, for which SDL would make the window anew: then it can be full screen from the start
};

// Rows of 0xAARRGGBB pixels; alpha is not looked at.
struct PixelBuffer {
    std::uint32_t* pixels = nullptr;
    int pitch = 0; // bytes from one row to the next
    Size size;
};

class Window {
public:
    static Result<Window> open(const WindowOptions& options);

    SDL_Window* get() const { return m_window.get(); }
    Size size() const; // in pixels
    // The frame buffer, good until the window changes its size (see Events) or the next call. Refused where SDL has none
    // (KMSDRM, Wayland) or where its pixels are not of 32 bits.
    Result<PixelBuffer> frame_buffer();
    // Puts the frame buffer on screen.
    Result<void> update();

private:
    struct Destroy {
        void operator()(SDL_Window*) const;
    };
    explicit Window(SDL_Window* window) : m_window(window) {}
    std::unique_ptr<SDL_Window, Destroy> m_window;
};

} // namespace capsule::sdl
