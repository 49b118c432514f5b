#include "player/lib/sdl/library.hpp"

#include <SDL2/SDL.h>

#include <cstdlib>
#include <utility>

namespace capsule::sdl {

Result<Library> Library::open(Display display) {
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    SDL_SetHint(SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0");
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "1");
    SDL_SetHint(SDL_HINT_APP_NAME, "Capsule");
    if (display == Display::none)
        SDL_SetHint(SDL_HINT_VIDEODRIVER, "dummy");
    else if (!std::getenv("XDG_RUNTIME_DIR"))
        SDL_SetHint(SDL_HINT_VIDEODRIVER, "x11,KMSDRM"); // without it there is no Wayland, whose library complains on standard error
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0)
        return Error{Category::refused, std::string("no display to draw on (") + SDL_GetError() +
                                            "): start X, connect a screen that KMS can drive, or use --headless"};
    Library library(true);
    // SDL goes on to drivers that show nothing to anybody, if need be.
    const std::string driver = library.video_driver();
    if (display == Display::automatic && !std::getenv("SDL_VIDEODRIVER") && (driver == "offscreen" || driver == "dummy"))
        return Error{Category::refused, "no display to draw on: start X, connect a screen that KMS can drive, or use --headless"};
    return library;
}

Library::Library(Library&& other) noexcept : m_owner(std::exchange(other.m_owner, false)) {}

Library& Library::operator=(Library&& other) noexcept {
    std::swap(m_owner, other.m_owner);
    return *this;
}

Library::~Library() {
    if (m_owner)
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
}

std::string Library::video_driver() const {
    const char* name = SDL_GetCurrentVideoDriver();
    return name ? name : "";
}

double Library::refresh(int index) const {
    SDL_DisplayMode mode;
    if (SDL_GetCurrentDisplayMode(index, &mode) != 0)
        return 0;
    return mode.refresh_rate;
}

int Library::displays() const { return SDL_GetNumVideoDisplays(); }

} // namespace capsule::sdl
