#include "player/playback/deck.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/player/tiny_clip.hpp"

#include <cstdlib>
#include <thread>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

PlayItem file_item(const Path& path) {
    PlayItem item;
    item.name = path.filename().string();
    item.file = path;
    item.duration = 3s;
    return item;
}

PlayItem card_item() {
    PlayItem item;
    item.media = MediaKind::card;
    item.name = "card";
    item.duration = 2s;
    item.draw = [](Size size) { return Picture(size, 0xff112233U); };
    return item;
}

// Plays it to its end on the fake clock; how long it lasted.
Nanoseconds play_out(Deck& deck, FakeClock& clock, int& frames) {
    const Nanoseconds start = clock.monotonic();
    deck.begin(start, 0ns, 1, nullptr);
    for (;;) {
        const DeckAnswer answer = deck.next(clock.monotonic(), 20s);
        if (const auto* over = std::get_if<OverAt>(&answer))
            return over->time - start;
        const auto* frame = std::get_if<DueFrame>(&answer);
        REQUIRE(frame);
        if (frame->due > clock.monotonic())
            clock.advance(frame->due - clock.monotonic());
        const ShownFrame shown = deck.shown(clock.monotonic());
        CHECK(shown.frame == frames);
        CHECK(shown.late == 0ns);
        ++frames;
    }
}

} // namespace

TEST_CASE("a video lasts as long as its frames and counts each of them") {
    const TemporaryFolder folder;
    const Path clip = folder.path() / "a.mp4";
    REQUIRE(test::make_clip(clip, "testsrc2=s=64x48:r=25:d=0.4"));
    FakeClock clock;
    Deck deck(file_item(clip), {clock, {320, 180}});
    REQUIRE(deck.prepare(20s).ok());
    CHECK(deck.item().media == MediaKind::video);
    CHECK(deck.item().duration == 400ms);
    CHECK(deck.first_frame().pts == 0ns);
    int frames = 0;
    CHECK(play_out(deck, clock, frames) == 400ms);
    CHECK(frames == 10);
    clock.advance(40ms);
    const Showing showing = deck.finish(ShowingEnd::complete, clock.monotonic());
    CHECK(showing.frames_due == 10);
    CHECK(showing.frames_shown == 10);
    CHECK(showing.frames_late == 0);
    CHECK(showing.due == 400ms);
    CHECK(showing.shown == 400ms);
}

TEST_CASE("a picture file is shown for as long as the item says") {
    const TemporaryFolder folder;
    const Path png = folder.path() / "a.png";
    REQUIRE(test::make_clip(png, "testsrc2=s=64x48:r=25:d=1", "-frames:v 1"));
    FakeClock clock;
    Deck deck(file_item(png), {clock, {320, 180}});
    REQUIRE(deck.prepare(20s).ok());
    CHECK(deck.item().media == MediaKind::image);
    int frames = 0;
    CHECK(play_out(deck, clock, frames) == 3s);
    CHECK(frames == 1);
}

TEST_CASE("a card is drawn for the stage it stands on") {
    FakeClock clock;
    Deck deck(card_item(), {clock, {320, 180}});
    REQUIRE(deck.prepare(1s).ok());
    CHECK(deck.first_frame().drawn->size == Size{320, 180});
    int frames = 0;
    CHECK(play_out(deck, clock, frames) == 2s);
    CHECK(deck.on_screen()->drawn->pixels[0] == 0xff112233U);
}

TEST_CASE("a card whose content has changed is drawn anew, in its place, and no other is") {
    FakeClock clock;
    int minute = 1, drawn = 0;
    PlayItem item = card_item();
    item.draw = [&](Size size) {
        ++drawn;
        return Picture(size, static_cast<std::uint32_t>(minute));
    };
    item.edition = [&] { return std::int64_t{minute}; };
    Deck deck(item, {clock, {320, 180}});
    REQUIRE(deck.prepare(1s).ok());
    CHECK_FALSE(deck.outdated());
    minute = 2; // it waited for its turn
    CHECK(deck.outdated());
    const VideoFrame* first = &deck.first_frame();
    deck.fit({320, 180});
    CHECK(first->drawn->pixels[0] == 2U);
    CHECK_FALSE(deck.outdated());
    deck.begin(clock.monotonic(), 0ns, 1, nullptr);
    REQUIRE(std::holds_alternative<DueFrame>(deck.next(clock.monotonic(), 0ns)));
    (void)deck.shown(clock.monotonic());
    const VideoFrame* on_screen = deck.on_screen();
    minute = 3;
    deck.fit({320, 180});
    CHECK(on_screen->drawn->pixels[0] == 3U);
    deck.fit({320, 180});
    CHECK(drawn == 3);
}

TEST_CASE("a file that cannot be played fails while it is prepared") {
    FakeClock clock;
    Deck deck(file_item("/nowhere/a.mp4"), {clock, {320, 180}});
    const auto prepared = deck.prepare(20s);
    REQUIRE_FALSE(prepared.ok());
    CHECK(prepared.error().category == Category::missing);
}

TEST_CASE("late frames are counted, and none is left out") {
    const TemporaryFolder folder;
    const Path clip = folder.path() / "a.mp4";
    REQUIRE(test::make_clip(clip, "testsrc2=s=64x48:r=25:d=0.4"));
    FakeClock clock;
    Deck deck(file_item(clip), {clock, {320, 180}});
    REQUIRE(deck.prepare(20s).ok());
    deck.begin(clock.monotonic(), 0ns, 7, nullptr);
    int shown = 0;
    while (std::holds_alternative<DueFrame>(deck.next(clock.monotonic(), 20s))) {
        clock.advance(100ms); // a machine that manages ten frames a second
        CHECK(deck.shown(clock.monotonic()).showing == 7);
        ++shown;
    }
    CHECK(shown == 10);
    const Showing showing = deck.finish(ShowingEnd::complete, clock.monotonic());
    CHECK(showing.frames_shown == showing.frames_due);
    CHECK(showing.frames_late > 5);
}

TEST_CASE("what is cut counts only what was due until then") {
    const TemporaryFolder folder;
    const Path clip = folder.path() / "a.mp4";
    REQUIRE(test::make_clip(clip, "testsrc2=s=64x48:r=25:d=1"));
    FakeClock clock;
    Deck deck(file_item(clip), {clock, {320, 180}});
    REQUIRE(deck.prepare(20s).ok());
    deck.begin(clock.monotonic(), 0ns, 1, nullptr);
    for (int i = 0; i < 5; ++i) {
        const DeckAnswer answer = deck.next(clock.monotonic(), 20s);
        clock.advance(std::max<Nanoseconds>(std::get<DueFrame>(answer).due - clock.monotonic(), 0ns));
        deck.shown(clock.monotonic());
    }
    (void)deck.next(clock.monotonic(), 20s); // decoded, not due yet
    const Showing showing = deck.finish(ShowingEnd::cut, clock.monotonic());
    CHECK(showing.frames_shown == 5);
    CHECK(showing.frames_due == 5);
    CHECK(showing.end == ShowingEnd::cut);
    CHECK(showing.due == 1s);
    CHECK(showing.shown == 160ms);
}

TEST_CASE("with sound, the pictures follow what is heard") {
    const TemporaryFolder folder;
    const Path clip = folder.path() / "a.mp4";
    REQUIRE(test::make_clip(clip, "testsrc2=s=64x48:r=25:d=1", "-f lavfi -i sine=440:d=1 -c:v mpeg4 -c:a aac"));
    FakeClock clock;
    auto sink = make_null_sink(clock);
    PlayItem item = file_item(clip);
    item.sound = true;
    item.volume = 100;
    Deck deck(item, {clock, {320, 180}, true});
    REQUIRE(deck.prepare(20s).ok());
    const Nanoseconds start = clock.monotonic();
    deck.begin(start, 0ns, 1, sink.get());
    int frames = 0;
    Nanoseconds last_due{};
    for (;;) {
        std::this_thread::sleep_for(2ms); // the decoding thread does not know the test's clock
        (void)sink->mixer();
        deck.feed_sound(clock.monotonic());
        const DeckAnswer answer = deck.next(clock.monotonic(), 20s);
        const auto* frame = std::get_if<DueFrame>(&answer);
        if (!frame)
            break;
        last_due = frame->due;
        if (frame->due > clock.monotonic()) {
            clock.advance(std::min<Nanoseconds>(frame->due - clock.monotonic(), 10ms));
            continue;
        }
        deck.shown(clock.monotonic());
        ++frames;
    }
    CHECK(frames == 25);
    // The device plays what it asked for one buffer (20 ms) later, and so the picture waits for it.
    CHECK(last_due - start > 960ms);
    CHECK(last_due - start < 1050ms);
    CHECK(deck.finish(ShowingEnd::complete, clock.monotonic()).sound_heard);
}
