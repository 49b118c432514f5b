// What lies over the item, and the stage that changes under it.
#include "tests/player/director/theatre.hpp"

#include <fstream>
#include <set>

using namespace capsule;
using namespace capsule::test;
using namespace std::chrono_literals;

namespace {

// Draws nothing, remembers what it was asked to draw; changes its size when told.
class PaperStage : public Stage {
public:
    Size paper{160, 90};
    bool changed = false, torn = false; // torn: nothing can be drawn on it
    Size frame{};                       // of the picture drawn last, if it was a card
    std::vector<std::uint64_t> serials; // of the overlays drawn last
    int bottom = 0;                     // of the first of them

    Size size() const override { return paper; }
    Nanoseconds refresh() const override { return 0ns; }
    std::string description() const override { return "paper"; }
    Result<void> draw(const VideoFrame& drawn, const Overlays& overlays) override {
        frame = drawn.drawn ? drawn.drawn->size : Size{};
        serials.clear();
        for (const PlacedPicture* overlay : overlays)
            serials.push_back(overlay->serial);
        bottom = overlays.empty() ? 0 : overlays[0]->y + overlays[0]->picture.size.height;
        return torn ? Result<void>(Error{Category::io, "torn"}) : Result<void>();
    }
    Result<void> show() override { return {}; }
    Picture grab() override { return Picture(paper); }
    StageEvents poll() override {
        StageEvents events;
        events.changed = std::exchange(changed, false);
        return events;
    }
};

} // namespace

TEST_CASE("when the display changes its size, cards and captions are drawn anew for it") {
    Theatre t;
    auto* paper = new PaperStage;
    t.stage.reset(paper);
    PlayItem clip = t.clip("long.mp4", "30", "2");
    std::ofstream(t.folder.path() / "long.srt") << "1\n00:00:00,0 --> 00:00:09,0\nBonjour\n";
    clip.captions = t.folder.path() / "long.srt";
    t.source.items = {t.card("first", 300ms), t.card("second", 300ms), clip, t.card("last", 100ms)};
    std::vector<Size> cards;
    std::set<std::uint64_t> captions;
    std::vector<int> bottoms;
    Director* running = nullptr;
    t.recorder.on_frame = [&](const PlayItem& item, const ShownFrame& frame) {
        if (item.media == MediaKind::card)
            cards.push_back(paper->frame);
        if (item.name == "first" || (item.name == "long.mp4" && frame.frame == 10)) {
            paper->paper = item.name == "first" ? Size{320, 180} : Size{90, 160};
            paper->changed = true;
        }
        if (item.name == "long.mp4" && !paper->serials.empty()) {
            captions.insert(paper->serials[0]);
            bottoms.push_back(paper->bottom);
        }
        if (item.name == "last")
            CHECK(running->stage_size() == Size{90, 160});
    };
    t.run(t.until_dry(), [&](Director& director) { running = &director; });
    REQUIRE(cards.size() == 3);
    CHECK(cards[0] == Size{160, 90});
    CHECK(cards[1] == Size{320, 180}); // prepared for the size before
    CHECK(cards[2] == Size{90, 160});
    CHECK(captions.size() == 2); // once per size, not per frame
    REQUIRE(bottoms.size() > 20);
    CHECK(bottoms.front() > 150);
    CHECK(bottoms.front() <= 180);
    CHECK(bottoms.back() <= 160);
}

TEST_CASE("captions stand above the banner, a panel hides neither banner nor makes captions move, and a QR card stands alone") {
    const bool panel = GENERATE(false, true);
    Theatre t;
    auto* paper = new PaperStage;
    t.stage.reset(paper);
    PlayItem clip = t.clip("long.mp4", "30", "0.3");
    std::ofstream(t.folder.path() / "long.srt") << "1\n00:00:00,0 --> 00:00:09,0\nBonjour\n";
    clip.captions = t.folder.path() / "long.srt";
    PlacedPicture banner{0, 60, Picture(Size{160, 30}, 0xffffffffU)};
    banner.serial = next_picture_serial();
    PlayItem qr = t.card("qr", 100ms);
    qr.shown = ShownItem::qr_card;
    t.source.items = {clip, qr};
    t.recorder.on_frame = [&](const PlayItem& item, const ShownFrame&) {
        CHECK(paper->serials.size() == (item.name == "qr" ? 0u : panel ? 4u : 3u)); // captions, strip, panel, banner
        if (item.name != "qr") {
            CHECK(paper->bottom <= 60);
            CHECK(paper->bottom > 50);
            CHECK(paper->serials.back() == banner.serial);
        }
    };
    t.run(t.until_dry(), [&](Director& director) {
        director.set_banner(banner);
        if (panel)
            director.set_panel(PlacedPicture{20, 10, Picture(Size{140, 50}, 0xffffffffU)});
        director.set_strip(PlacedPicture{100, 5, Picture(Size{50, 10}, 0xffffffffU)});
    });
    CHECK(t.recorder.frames.size() >= 9);
}

TEST_CASE("a banner lies over the item from the moment it is set, and leaves when it is taken away") {
    Theatre t;
    t.source.items.push_back(t.card("long", 60s));
    std::uint32_t with = 0, without = 0;
    t.run({}, [&](Director& director) {
        director.set_banner(PlacedPicture{0, 80, Picture(Size{160, 10}, 0xffffffffU)});
        t.recorder.on_frame = [&](const PlayItem&, const ShownFrame&) {
            const Picture screen = t.stage->grab();
            with = screen.row(85)[80];
            without = screen.row(40)[80];
            director.stop();
        };
    });
    CHECK((with & 0xffffff) == 0xffffff);
    CHECK((without & 0xffffff) == 0x008000);
}

TEST_CASE("a frame that could not be drawn is due and does not count as shown") {
    Theatre t;
    auto* paper = new PaperStage;
    t.stage.reset(paper);
    t.source.items = {t.clip("a.mp4"), t.card("card", 100ms)};
    t.recorder.on_frame = [&](const PlayItem&, const ShownFrame& frame) { paper->torn = frame.frame == 3; };
    t.run(t.until_dry());
    REQUIRE(t.recorder.ended.size() == 2);
    CHECK(t.recorder.ended[0].second.frames_due == 9);
    CHECK(t.recorder.ended[0].second.frames_shown == 4);
    CHECK(t.recorder.ended[1].second.frames_shown == 0);
}
