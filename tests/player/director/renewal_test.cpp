// A picture that stays is put on the screen again, and the listeners hear it.
#include "tests/player/director/theatre.hpp"

using namespace capsule;
using namespace capsule::test;
using namespace std::chrono_literals;

namespace {

struct Watcher final : PlaybackListener {
    int renewed = 0, frames = 0;
    void frame_shown(const PlayItem&, const ShownFrame&) override { ++frames; }
    void picture_renewed(Nanoseconds) override { ++renewed; }
};

// Shows nothing any more from the second time on.
class DeadStage final : public Stage {
public:
    explicit DeadStage(Stage& real) : m_real(real) {}
    Size size() const override { return m_real.size(); }
    Nanoseconds refresh() const override { return m_real.refresh(); }
    std::string description() const override { return "dead"; }
    Result<void> draw(const VideoFrame& frame, const Overlays& overlays) override { return m_real.draw(frame, overlays); }
    Result<void> show() override { return m_shown++ == 0 ? m_real.show() : Error{Category::io, "the display takes nothing"}; }
    Picture grab() override { return m_real.grab(); }
    StageEvents poll() override { return m_real.poll(); }

private:
    Stage& m_real;
    int m_shown = 0;
};

} // namespace

TEST_CASE("a card that stays is renewed again and again, and remains one frame") {
    Theatre t;
    t.source.items.push_back(t.card("card", 1100ms));
    Watcher watcher;
    DirectorOptions options = t.until_dry();
    options.renewed_after = 200ms;
    t.run(options, [&](Director& director) { director.add_listener(watcher); });
    CHECK(watcher.frames == 1);
    CHECK(watcher.renewed >= 2);
    CHECK(watcher.renewed <= 5);
    REQUIRE(t.recorder.ended.size() == 1);
    CHECK(t.recorder.ended[0].second.frames_shown == 1);
}

TEST_CASE("moving pictures are not renewed") {
    Theatre t;
    t.source.items.push_back(t.clip("clip.mp4", "30", "2"));
    Watcher watcher;
    DirectorOptions options = t.until_dry();
    options.renewed_after = 1s; // a busy machine may hold a frame up for some tenths of a second
    t.run(options, [&](Director& director) { director.add_listener(watcher); });
    CHECK(watcher.renewed == 0);
}

TEST_CASE("a display that takes nothing any more renews no picture") {
    Theatre t;
    t.source.items.push_back(t.card("card", 1s));
    DeadStage dead(*t.stage);
    Watcher watcher;
    DirectorOptions options = t.until_dry();
    options.renewed_after = 100ms;
    Director director(dead, t.source, t.clock, nullptr, options);
    director.add_listener(watcher);
    REQUIRE(director.run().ok());
    CHECK(watcher.frames == 1);
    CHECK(watcher.renewed == 0);
}
