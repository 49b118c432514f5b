// Whether the display server is still there. Thread-bound: to the thread of the Library.
#pragma once

struct SDL_Window;

namespace capsule::sdl {

// Xlib ends the process when its server dies. From now on it does not for the connection of this window: connection_lost() says it
// instead, and whatever was asked of X returns without effect. SDL's second connection cannot be reached, and ending SDL's video part would
// trip over it: once the connection is lost, neither the window nor the Library may be destroyed; the process has to begin anew.
void survive_loss_of_connection(SDL_Window* window);

// X: the server has died. Wayland: the compositor has. For good.
bool connection_lost();

} // namespace capsule::sdl
