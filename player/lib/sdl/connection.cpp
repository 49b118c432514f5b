#include "player/lib/sdl/connection.hpp"

#include <SDL2/SDL.h>
#include <SDL2/SDL_syswm.h>

#include <dlfcn.h>

#include <atomic>

namespace capsule::sdl {

namespace {

std::atomic<bool> lost{false};
void* wayland_display = nullptr;

// SDL has loaded these libraries itself; nothing is linked for a driver that may not be in use.
template <typename Function>
Function find(const char* library, const char* name) {
    void* loaded = dlopen(library, RTLD_NOW | RTLD_NOLOAD);
    return loaded ? reinterpret_cast<Function>(dlsym(loaded, name)) : nullptr;
}

#ifdef SDL_VIDEO_DRIVER_X11
int note_loss(Display*) {
    lost = true;
    return 0;
}
void stay_alive(Display*, void*) {}

void guard(Display* display) {
    using SetHandler = int (*(*)(int (*)(Display*)))(Display*);
    using SetExit = void (*)(Display*, void (*)(Display*, void*), void*);
    const auto set_handler = find<SetHandler>("libX11.so.6", "XSetIOErrorHandler");
    const auto set_exit = find<SetExit>("libX11.so.6", "XSetIOErrorExitHandler"); // libX11 1.7 and later
    if (!set_handler || !set_exit)
        return; // the process ends then, and whoever supervises it starts it again
    set_handler(&note_loss);
    set_exit(display, &stay_alive, nullptr);
}
#endif

} // namespace

void survive_loss_of_connection(SDL_Window* window) {
    SDL_SysWMinfo info;
    SDL_VERSION(&info.version);
    if (!SDL_GetWindowWMInfo(window, &info))
        return;
#ifdef SDL_VIDEO_DRIVER_X11
    if (info.subsystem == SDL_SYSWM_X11)
        guard(info.info.x11.display);
#endif
#ifdef SDL_VIDEO_DRIVER_WAYLAND
    if (info.subsystem == SDL_SYSWM_WAYLAND)
        wayland_display = info.info.wl.display;
#endif
}

bool connection_lost() {
    if (!lost && wayland_display) {
        using GetError = int (*)(void*);
        static const auto get_error = find<GetError>("libwayland-client.so.0", "wl_display_get_error");
        if (get_error && get_error(wayland_display) != 0)
            lost = true;
    }
    return lost;
}

} // namespace capsule::sdl
