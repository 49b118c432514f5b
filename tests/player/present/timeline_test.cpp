#include "player/present/timeline.hpp"

#include "tests/catch.hpp"

using namespace capsule;
using namespace std::chrono_literals;

TEST_CASE("frames are due at the start plus their time") {
    const Timeline timeline(100s, 16ms);
    CHECK(timeline.due(0ms) == 100s);
    CHECK(timeline.slot(40ms) == 100s + 40ms);
}

TEST_CASE("after a late frame the next ones catch up without being shown on top of each other") {
    Timeline timeline(0s, 16ms);
    CHECK(timeline.shown(0ms, 0ms) == 0ms);
    CHECK(timeline.shown(33ms, 133ms) == 100ms);
    CHECK(timeline.slot(66ms) == 145ms);
    CHECK(timeline.shown(66ms, 145ms) == 79ms);
    Nanoseconds pts = 66ms;
    for (int i = 0; i < 10; ++i) {
        pts += 33ms;
        timeline.shown(pts, timeline.slot(pts));
    }
    CHECK(timeline.slot(pts + 33ms) == pts + 33ms);
    CHECK(timeline.held() == 0ms);
}

TEST_CASE("a machine that is too slow holds the timeline") {
    Timeline timeline(0s, 16ms);
    CHECK(timeline.shown(33ms, 1033ms) == 1s);
    CHECK(timeline.held() == 1s);
    CHECK(timeline.due(66ms) == 1066ms);
}

TEST_CASE("the timeline follows what is heard, gently when near") {
    Timeline near(0s, 16ms);
    near.follow(1s, 980ms); // the sound is 20 ms behind
    CHECK(near.due(0ms) == 2ms);
    Timeline far(0s, 16ms);
    far.follow(1s, 500ms);
    CHECK(far.due(500ms) == 1s);
}

TEST_CASE("every frame is wanted when the display keeps up, or does not say how fast it is") {
    RateLimit same(16'666'667ns, 16'666'667ns), unknown(0ns, 4ms);
    for (int i = 0; i < 100; ++i) {
        CHECK(same.wanted(i * 16'666'667ns));
        CHECK(unknown.wanted(i * 4ms));
    }
}

TEST_CASE("of a file with more frames than refreshes, each refresh gets one") {
    RateLimit limit(20ms, 10ms);
    int wanted = 0;
    for (int i = 0; i < 100; ++i)
        wanted += limit.wanted(i * 10ms);
    CHECK(wanted == 51);
}

TEST_CASE("sixty frames a second on a display of 59.94 lose one frame in seventeen seconds and never drift from the clock") {
    const Nanoseconds refresh(16'683'350);
    RateLimit limit(refresh, 16'666'667ns);
    int left_out = 0;
    std::int64_t shown = 0;
    for (std::int64_t i = 0; i < 60 * 170; ++i) {
        const Nanoseconds pts(i * 1'000'000'000 / 60);
        if (!limit.wanted(pts)) {
            ++left_out;
            continue;
        }
        // Shown at one refresh each, the frame is within one refresh of its time.
        const Nanoseconds at = shown++ * refresh;
        CHECK(std::chrono::abs(at - pts) <= refresh);
    }
    CHECK(left_out == 10);
}

TEST_CASE("on displays of 50, 59.94 and 60 Hz no frame of a slower file is left out") {
    for (const double display : {50.0, 59.94, 60.0}) {
        for (const double file : {24.0, 25.0, 29.97, 30.0, 50.0}) {
            RateLimit limit(Nanoseconds(static_cast<std::int64_t>(1e9 / display)), Nanoseconds(static_cast<std::int64_t>(1e9 / file)));
            for (int i = 0; i < 1000; ++i)
                REQUIRE(limit.wanted(Nanoseconds(static_cast<std::int64_t>(1e9 * i / file))));
        }
    }
}
