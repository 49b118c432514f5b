#include "player/lib/sdl/events.hpp"

#include "player/lib/sdl/connection.hpp"

#include <SDL2/SDL.h>

namespace capsule::sdl {

Events poll_events() {
    Events events;
    SDL_Event event;
    while (SDL_PollEvent(&event)) {
        switch (event.type) {
        case SDL_QUIT:
            events.quit = true;
            break;
        case SDL_KEYDOWN:
            if (event.key.keysym.sym == SDLK_ESCAPE || event.key.keysym.sym == SDLK_q)
                events.quit = true;
            else
                events.key = true;
            break;
        case SDL_WINDOWEVENT:
            if (event.window.event == SDL_WINDOWEVENT_SIZE_CHANGED || event.window.event == SDL_WINDOWEVENT_EXPOSED ||
                event.window.event == SDL_WINDOWEVENT_RESTORED || event.window.event == SDL_WINDOWEVENT_SHOWN)
                events.changed = true;
            break;
        case SDL_DISPLAYEVENT:
        case SDL_RENDER_TARGETS_RESET:
        case SDL_RENDER_DEVICE_RESET:
            events.changed = true;
            break;
        default:
            break;
        }
    }
    if (connection_lost())
        events = {false, false, true}; // SDL says "quit" when a Wayland compositor dies
    return events;
}

} // namespace capsule::sdl
