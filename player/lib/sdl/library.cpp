#include "player/lib/sdl/library.hpp"

#include <SDL2/SDL.h>

#include <cstdlib>
#include <utility>

namespace capsule::sdl {

namespace {

// Only what the surroundings name: while a display server is being started again, its machine's bare display (KMSDRM) must not be
// taken from it; and SDL's drivers that show nothing to anybody are no display.
const char* drivers_here(bool wayland) {
    const bool x = std::getenv("DISPLAY") != nullptr;
    return x && wayland ? "x11,wayland" : x ? "x11" : wayland ? "wayland" : "KMSDRM";
}

} // namespace

void settle_environment() {
    setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:", 0);
    setenv("XCOMPOSEFILE", "/dev/null", 0);
}

Result<Library> Library::open(Display display, bool wayland) {
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    SDL_SetHint(SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0");
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "1");
    SDL_SetHint(SDL_HINT_APP_NAME, "Capsule");
    SDL_SetHint(SDL_HINT_VIDEODRIVER, display == Display::none ? "dummy" : drivers_here(wayland));
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0)
        return Error{Category::missing, std::string("no display to draw on (") + SDL_GetError() +
                                            "): start X, connect a screen that KMS can drive, or use --headless"};
    return Library(true);
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

bool Library::has_frame_buffer() const {
    const std::string driver = video_driver();
    return driver != "wayland" && driver != "KMSDRM";
}

int Library::displays() const { return SDL_GetNumVideoDisplays(); }

std::optional<Bounds> Library::bounds(int index) const {
    SDL_Rect bounds;
    if (SDL_GetDisplayBounds(index, &bounds) != 0)
        return std::nullopt;
    return Bounds{bounds.x, bounds.y, {bounds.w, bounds.h}};
}

} // namespace capsule::sdl
