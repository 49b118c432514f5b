#include "player/lib/sdl/window.hpp"

#include "player/lib/sdl/connection.hpp"
#include "player/lib/sdl/full_screen.hpp"

#include <SDL2/SDL.h>

namespace capsule::sdl {

void Window::Destroy::operator()(SDL_Window* window) const { SDL_DestroyWindow(window); }

Result<Window> Window::open(const WindowOptions& options) {
    Uint32 flags = SDL_WINDOW_HIDDEN;
    Size size = options.size;
    const bool whole = size.width <= 0 || size.height <= 0;
    SDL_Rect bounds{0, 0, 1920, 1080};
    SDL_GetDisplayBounds(options.display, &bounds);
    if (whole)
        size = options.full_screen ? Size{bounds.w, bounds.h} : Size{bounds.w / 2, bounds.h / 2};
    int x = bounds.x, y = bounds.y;
    if (options.full_screen) {
        flags |= SDL_WINDOW_BORDERLESS;
    } else {
        flags |= SDL_WINDOW_RESIZABLE;
        x = y = static_cast<int>(SDL_WINDOWPOS_CENTERED_DISPLAY(static_cast<unsigned>(options.display)));
    }
    SDL_Window* window = SDL_CreateWindow("Capsule", x, y, size.width, size.height, flags);
    if (!window)
        return Error{Category::refused, std::string("no window can be opened: ") + SDL_GetError()};
    survive_loss_of_connection(window);
    if (options.full_screen && whole && !(options.for_frame_buffer && declare_full_screen(window)))
        SDL_SetWindowFullscreen(window, SDL_WINDOW_FULLSCREEN_DESKTOP);
    SDL_ShowWindow(window);
    if (options.full_screen)
        SDL_ShowCursor(SDL_DISABLE);
    return Window(window);
}

Size Window::size() const {
    Size size;
    SDL_GetWindowSizeInPixels(get(), &size.width, &size.height);
    return size;
}

Result<PixelBuffer> Window::frame_buffer() {
    SDL_Surface* surface = SDL_GetWindowSurface(get());
    if (!surface)
        return Error{Category::refused, std::string("this display has no frame buffer in memory: ") + SDL_GetError()};
    const SDL_PixelFormat& format = *surface->format;
    if (format.BytesPerPixel != 4 || format.Rmask != 0x00ff0000U || format.Gmask != 0x0000ff00U || format.Bmask != 0x000000ffU)
        return Error{Category::refused, std::string("the display's pixels are ") + SDL_GetPixelFormatName(format.format) +
                                            "; 32 bits of RGB are needed: set the display to 24 or 32 bits"};
    return PixelBuffer{static_cast<std::uint32_t*>(surface->pixels), surface->pitch, Size{surface->w, surface->h}};
}

Result<void> Window::update() {
    if (SDL_UpdateWindowSurface(get()) != 0)
        return Error{Category::io, std::string("the picture cannot be put on screen: ") + SDL_GetError()};
    return {};
}

} // namespace capsule::sdl
