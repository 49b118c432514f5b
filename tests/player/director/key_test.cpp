// A key pressed at the screen. The key comes from SDL's own queue, as a keyboard's or a remote control's does.
#include "player/director/director.hpp"
#include "tests/catch.hpp"

#include <SDL2/SDL.h>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

struct OneCard final : ItemSource {
    std::optional<PlayItem> next() override { return std::nullopt; }
    PlayItem fallback() override {
        PlayItem item;
        item.media = MediaKind::fallback;
        item.shown = ShownItem::fallback;
        item.name = "fallback";
        item.duration = 300ms;
        item.draw = [](Size size) { return Picture(size, 0xff000040U); };
        return item;
    }
    void failed(const PlayItem&, const Error&) override {}
};

void press(SDL_Keycode key) {
    SDL_Event event{};
    event.type = SDL_KEYDOWN;
    event.key.keysym.sym = key;
    SDL_PushEvent(&event);
}

struct Finger final : PlaybackListener {
    Director* director = nullptr;
    int pressed = 0;
    void showing_began(const PlayItem&, std::int64_t) override { press(SDLK_RETURN); }
    void key_pressed() override {
        ++pressed;
        press(SDLK_ESCAPE); // ends the run
    }
};

} // namespace

TEST_CASE("a key that means nothing else is told to the listeners, and the picture goes on") {
    SystemClock clock;
    StageOptions options;
    options.headless = true;
    options.size = {160, 90};
    auto stage = open_stage(options, clock, NoDisplay::refused);
    REQUIRE(stage.ok());
    OneCard source;
    Finger finger;
    DirectorOptions director_options;
    director_options.play_for = 10s;
    Director director(**stage, source, clock, nullptr, director_options);
    director.add_listener(finger);
    const Nanoseconds begun = clock.monotonic();
    REQUIRE(director.run().ok());
    CHECK(finger.pressed == 1);
    CHECK(clock.monotonic() - begun < 9s);
}
