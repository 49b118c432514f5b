#include "player/present/recovering_stage.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <filesystem>
#include <fstream>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

// A display that can be unplugged, changed, broken and killed.
struct Display {
    bool there = true, server_dead = false, renderer_broken = false, drawing_broken = false, frames_refused = false;
    bool changed = false;
    Size size{1920, 1080};
    int opened = 0, closed = 0;
};

class FakeStage final : public Stage {
public:
    explicit FakeStage(Display& display) : m_display(display), m_size(display.size) { ++m_display.opened; }
    ~FakeStage() override { ++m_display.closed; }
    Size size() const override { return m_size; }
    Nanoseconds refresh() const override { return 16ms; }
    std::string description() const override { return "fake"; }
    Result<void> draw(const VideoFrame&, const Overlays&) override {
        if (m_display.frames_refused)
            return Error{Category::refused, "pictures of this form cannot be shown here"};
        return m_display.drawing_broken ? Result<void>(Error{Category::io, "no texture"}) : works();
    }
    Result<void> show() override { return works(); }
    Picture grab() override { return Picture(m_size); }
    StageEvents poll() override { return {false, false, false, m_display.server_dead}; }

private:
    Result<void> works() const { return m_display.renderer_broken ? Result<void>(Error{Category::io, "broken"}) : Result<void>(); }
    Display& m_display;
    const Size m_size;
};

class FakeWatch final : public DisplayWatch {
public:
    explicit FakeWatch(Display& display) : m_display(display) {}
    DisplayNews poll(Nanoseconds) override { return std::exchange(m_display.changed, false) ? DisplayNews::changed : DisplayNews::none; }
    std::optional<Nanoseconds> period(int, int) const override { return 16'683'333ns; }

private:
    Display& m_display;
};

struct Fixture {
    Display display;
    FakeClock clock;
    RecoveringStage::Opener opener = [this]() -> Result<OpenedStage> {
        if (!display.there)
            return Error{Category::missing, "no display"};
        return OpenedStage{std::make_unique<FakeStage>(display), [this] { return std::make_unique<FakeWatch>(display); }, nullptr, 0, 0};
    };
    // One that has shown its first picture.
    std::unique_ptr<RecoveringStage> with_display() {
        auto stage = std::make_unique<RecoveringStage>(opener, std::move(*opener()), Size{1920, 1080}, clock);
        (void)stage->show();
        return stage;
    }
};

} // namespace

TEST_CASE("a display that changed is opened anew at once, with its new size, and drawn on again") {
    Fixture f;
    const auto stage_owner = f.with_display();
    RecoveringStage& stage = *stage_owner;
    CHECK_FALSE(stage.poll().changed);
    f.display.size = {1280, 720};
    f.display.changed = true;
    const StageEvents events = stage.poll();
    CHECK(events.changed);
    CHECK_FALSE(events.lost);
    CHECK(stage.size() == Size{1280, 720});
    CHECK(f.display.opened == 2);
    CHECK(f.display.closed == 1);
    CHECK_FALSE(stage.poll().changed);
}

TEST_CASE("while the display is away nothing counts as shown, and within a quarter of a second of its return it is back") {
    Fixture f;
    const auto stage_owner = f.with_display();
    RecoveringStage& stage = *stage_owner;
    f.display.there = false;
    f.display.changed = true;
    CHECK_FALSE(stage.poll().changed);
    CHECK(f.display.closed == 1);
    CHECK(stage.draw({}, {}).ok());
    CHECK(stage.show().error().category == Category::missing);
    CHECK(stage.size() == Size{1920, 1080});
    for (int i = 0; i < 500; ++i) {
        f.clock.advance(20ms);
        CHECK_FALSE(stage.poll().changed);
    }
    f.display.there = true;
    bool back = false;
    for (int i = 0; i < 12 && !back; ++i) {
        f.clock.advance(20ms);
        back = stage.poll().changed;
    }
    CHECK(back);
    CHECK(stage.show().ok());
}

TEST_CASE("a stage that starts without a display takes the first one that comes") {
    Fixture f;
    RecoveringStage stage(f.opener, {}, {1080, 1920}, f.clock);
    CHECK(stage.size() == Size{1080, 1920});
    CHECK(stage.refresh() == 0ns);
    CHECK(stage.poll().changed);
    CHECK(stage.size() == Size{1920, 1080});
    CHECK(stage.refresh() == 16ms);
    CHECK(stage.show().ok());
    stage.poll();
    CHECK(stage.refresh() == 16'683'333ns);
}

TEST_CASE("a renderer that fails for a second is opened anew; one frame that cannot be drawn is not its fault") {
    Fixture f;
    const auto stage_owner = f.with_display();
    RecoveringStage& stage = *stage_owner;
    f.display.renderer_broken = true;
    CHECK_FALSE(stage.draw({}, {}).ok());
    f.display.renderer_broken = false;
    CHECK(stage.draw({}, {}).ok());
    f.clock.advance(2s);
    stage.poll();
    CHECK(f.display.opened == 1);
    f.display.renderer_broken = true;
    for (int i = 0; i < 60; ++i) {
        (void)stage.show();
        f.clock.advance(20ms);
        stage.poll();
    }
    CHECK(f.display.opened == 2);
}

TEST_CASE("a renderer that shows, but has drawn nothing for a second, is opened anew") {
    Fixture f;
    const auto stage_owner = f.with_display();
    RecoveringStage& stage = *stage_owner;
    f.display.drawing_broken = true;
    for (int i = 0; i < 60; ++i) {
        CHECK((f.display.opened == 2 || !stage.draw({}, {}).ok()));
        CHECK(stage.show().ok());
        f.clock.advance(20ms);
        stage.poll();
        f.display.drawing_broken = f.display.opened == 1;
    }
    CHECK(f.display.opened == 2);
}

TEST_CASE("a file whose pixels the stage refuses does not have it opened anew, and a renderer that fails meanwhile does") {
    Fixture f;
    const auto stage_owner = f.with_display();
    RecoveringStage& stage = *stage_owner;
    f.display.frames_refused = true;
    const auto play = [&] {
        for (int i = 0; i < 200; ++i) {
            (void)stage.draw({}, {});
            (void)stage.show();
            f.clock.advance(20ms);
            stage.poll();
        }
    };
    play();
    CHECK(f.display.opened == 1);
    f.display.renderer_broken = true;
    play();
    CHECK(f.display.opened > 1);
}

TEST_CASE("a stage whose server died asks for a new process and is never closed") {
    Fixture f;
    {
        const auto stage_owner = f.with_display();
        RecoveringStage& stage = *stage_owner;
        f.display.server_dead = true;
        CHECK(stage.poll().gone);
        CHECK(stage.poll().gone);
        CHECK_FALSE(stage.show().ok());
    }
    CHECK(f.display.closed == 0);
}

TEST_CASE("a dark output is lit only when no other shows anything") {
    const auto output = [](std::uint32_t id, bool connected, bool lit) {
        xcb::Output made;
        made.id = id;
        made.connected = connected;
        made.lit = lit;
        return made;
    };
    CHECK(output_to_light({output(1, false, false), output(2, true, false), output(3, true, false)}) == 2u);
    CHECK(output_to_light({output(1, true, false), output(2, true, true)}) == std::nullopt);
    CHECK(output_to_light({output(1, false, false)}) == std::nullopt);
    CHECK(output_to_light({}) == std::nullopt);
}

TEST_CASE("on the bare display a cable that is back, or another screen at it, calls for a new stage") {
    const TemporaryFolder folder;
    const auto plug = [&](const std::string& status, const std::string& mode) {
        std::filesystem::create_directories(folder.path() / "card0-HDMI-A-1");
        std::ofstream(folder.path() / "card0-HDMI-A-1/status") << status;
        std::ofstream(folder.path() / "card0-HDMI-A-1/modes") << mode;
    };
    plug("connected", "1920x1080");
    const auto watch = watch_connectors(folder.path());
    Nanoseconds now = 10s;
    const auto look = [&] { return watch->poll(now += 1s); };
    CHECK(look() == DisplayNews::none);
    plug("disconnected", "");
    CHECK(look() == DisplayNews::none); // what is drawn meanwhile harms nobody
    plug("connected", "1920x1080");
    CHECK(look() == DisplayNews::changed);
    CHECK(look() == DisplayNews::none);
    plug("connected", "3840x2160");
    CHECK(look() == DisplayNews::changed);
}
