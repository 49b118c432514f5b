// A key pressed at the screen. The key comes from SDL's own queue, as a keyboard's or a remote control's does.
#include "tests/player/director/theatre.hpp"

#include <SDL2/SDL.h>

using namespace capsule;
using namespace capsule::test;
using namespace std::chrono_literals;

namespace {

void press(SDL_Keycode key) {
    SDL_Event event{};
    event.type = SDL_KEYDOWN;
    event.key.keysym.sym = key;
    SDL_PushEvent(&event);
}

struct Finger final : PlaybackListener {
    int pressed = 0;
    void showing_began(const PlayItem&, std::int64_t) override { press(SDLK_RETURN); }
    void key_pressed() override {
        ++pressed;
        press(SDLK_ESCAPE); // ends the run
    }
};

} // namespace

TEST_CASE("a key that means nothing else is told to the listeners, and the picture goes on") {
    Theatre t; // with nothing to play: the fallback card
    Finger finger;
    DirectorOptions options;
    options.play_for = 10s;
    const Nanoseconds begun = t.clock.monotonic();
    t.run(options, [&](Director& director) { director.add_listener(finger); });
    CHECK(finger.pressed == 1);
    CHECK(t.clock.monotonic() - begun < 9s);
}
