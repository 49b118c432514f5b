#include "player/lib/sdl/full_screen.hpp"

#include <SDL2/SDL.h>
#include <SDL2/SDL_syswm.h>

#include <dlfcn.h>

namespace capsule::sdl {

bool declare_full_screen([[maybe_unused]] SDL_Window* window) {
#ifdef SDL_VIDEO_DRIVER_X11
    SDL_SysWMinfo info;
    SDL_VERSION(&info.version);
    if (!SDL_GetWindowWMInfo(window, &info) || info.subsystem != SDL_SYSWM_X11)
        return false;
    // SDL has loaded the library itself; nothing is linked for a driver that may not be in use.
    void* library = dlopen("libX11.so.6", RTLD_NOW | RTLD_NOLOAD);
    if (!library)
        return false;
    const auto intern_atom = reinterpret_cast<Atom (*)(Display*, const char*, Bool)>(dlsym(library, "XInternAtom"));
    const auto change_property = reinterpret_cast<int (*)(Display*, ::Window, Atom, Atom, int, int, const unsigned char*, int)>(
        dlsym(library, "XChangeProperty"));
    if (!intern_atom || !change_property)
        return false;
    Display* display = info.info.x11.display;
    constexpr Atom kind_atom = 4; // XA_ATOM
    constexpr int replace = 0;    // PropModeReplace
    const Atom full_screen = intern_atom(display, "_NET_WM_STATE_FULLSCREEN", 0);
    change_property(display, info.info.x11.window, intern_atom(display, "_NET_WM_STATE", 0), kind_atom, 32, replace,
                    reinterpret_cast<const unsigned char*>(&full_screen), 1);
    return true;
#else
    return false;
#endif
}

} // namespace capsule::sdl
