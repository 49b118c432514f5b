#include "tests/player/director/theatre.hpp"

#include <fstream>
#include <map>

using namespace capsule;
using namespace capsule::test;
using namespace std::chrono_literals;

TEST_CASE("items follow each other in one timeline, whatever their rates, with every frame") {
    Theatre t;
    for (int i = 0; i < 3; ++i) {
        t.source.items.push_back(t.clip("a.mp4", "30", "0.3"));
        t.source.items.push_back(t.clip("b.mp4", "25", "0.2"));
        t.source.items.push_back(t.card("card", 150ms));
        t.source.items.push_back(t.clip("c.mp4", "60", "0.2"));
    }
    t.run(t.until_dry());
    REQUIRE(t.recorder.ended.size() == 12);
    const std::map<std::string, int> expected{{"a.mp4", 9}, {"b.mp4", 5}, {"card", 1}, {"c.mp4", 12}};
    Nanoseconds due = t.recorder.frames.front().second.at - t.recorder.frames.front().second.late;
    std::size_t frame = 0;
    for (const auto& [name, showing] : t.recorder.ended) {
        CHECK(showing.frames_shown == expected.at(name));
        CHECK(showing.frames_due == showing.frames_shown);
        CHECK(showing.end == ShowingEnd::complete);
        // Where its first frame was due: where the one before ended, to the millisecond, if nothing held the machine up.
        const ShownFrame& first = t.recorder.frames[frame].second;
        CHECK(first.frame == 0);
        CHECK(std::abs(static_cast<double>((first.at - first.late - due).count()) / 1e6) < 5);
        due = first.at - first.late + showing.due;
        frame += static_cast<std::size_t>(showing.frames_shown);
    }
    CHECK(t.recorder.failed.empty());
}

TEST_CASE("files that cannot be played are skipped without a gap, and told of") {
    Theatre t;
    t.source.items.push_back(t.clip("a.mp4"));
    std::ofstream(t.folder.path() / "bad.mp4") << std::string(5000, 'x');
    for (int i = 0; i < 3; ++i)
        t.source.items.push_back(t.file(t.folder.path() / "bad.mp4"));
    t.source.items.push_back(t.file(t.folder.path() / "missing.mp4"));
    t.source.items.push_back(t.clip("b.mp4"));
    t.run(t.until_dry());
    CHECK(t.recorder.began == std::vector<std::string>{"a.mp4", "b.mp4"});
    CHECK(t.recorder.failed == std::vector<std::string>{"bad.mp4", "bad.mp4", "bad.mp4", "missing.mp4"});
    CHECK(t.source.failures == t.recorder.failed);
}

TEST_CASE("nothing playable at all shows the fallback card, and what becomes playable replaces it") {
    Theatre t;
    DirectorOptions options;
    options.dry_wait = 100ms;
    int asked = 0;
    t.source.on_next = [&] {
        if (++asked == 3) {
            const std::lock_guard lock(t.source.mutex);
            t.source.items.push_back(t.card("card", 100ms));
        }
    };
    t.run(options, [&](Director& director) {
        t.recorder.on_frame = [&](const PlayItem& item, const ShownFrame&) {
            if (item.name == "card")
                director.stop();
        };
    });
    REQUIRE(t.recorder.began.size() >= 2);
    CHECK(t.recorder.began.front() == "fallback");
    CHECK(t.recorder.began.back() == "card");
}

TEST_CASE("stop ends the run at once and reports what was on screen") {
    Theatre t;
    t.source.items.push_back(t.card("long", 60s));
    const auto before = std::chrono::steady_clock::now();
    t.run({}, [&](Director& director) {
        t.recorder.on_frame = [&director](const PlayItem&, const ShownFrame&) { director.stop(); };
    });
    CHECK(std::chrono::steady_clock::now() - before < 10s);
    REQUIRE(t.recorder.ended.size() == 1);
    CHECK(t.recorder.ended[0].second.end == ShowingEnd::stopped);
    CHECK(t.recorder.ended[0].second.frames_shown == 1);
}

TEST_CASE("the time to play counts from the first frame") {
    Theatre t;
    t.source.items.push_back(t.card("long", 60s));
    DirectorOptions options;
    options.play_for = 300ms;
    t.run(options);
    REQUIRE(t.recorder.ended.size() == 1);
    CHECK(t.recorder.ended[0].second.shown >= 290ms);
}

TEST_CASE("an item is asked for once the one before it is on screen, not while the picture changes") {
    Theatre t;
    for (const char* name : {"a.mp4", "b.mp4", "c.mp4", "d.mp4"})
        t.source.items.push_back(t.clip(name, "25", "0.5"));
    std::atomic<int> on_screen{0};
    std::vector<int> when_asked; // preparing thread; read after the run
    t.recorder.on_frame = [&](const PlayItem&, const ShownFrame& frame) { on_screen += frame.frame == 0 ? 1 : 0; };
    t.source.on_next = [&] { when_asked.push_back(on_screen); };
    t.run(t.until_dry());
    REQUIRE(when_asked.size() >= 4);
    for (std::size_t before = 0; before < 4; ++before)
        CHECK(when_asked[before] >= static_cast<int>(before));
}
