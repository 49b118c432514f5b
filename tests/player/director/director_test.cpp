#include "player/director/director.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/player/tiny_clip.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

// Of files named "hangs…", how much can be read before reading blocks; and whether it still does.
std::atomic<long> readable{0};
std::atomic<bool> hanging{true};

bool hangs(int file) {
    char name[512];
    const ssize_t length = readlink(("/proc/self/fd/" + std::to_string(file)).c_str(), name, sizeof name);
    return length > 0 && std::string_view(name, static_cast<std::size_t>(length)).find("/hangs") != std::string_view::npos &&
           lseek(file, 0, SEEK_CUR) >= readable;
}

} // namespace

// A disk that does not answer: in place of the C library's own, for the whole of this program.
extern "C" ssize_t read(int file, void* buffer, size_t size) {
    while (hanging && hangs(file))
        std::this_thread::sleep_for(10ms);
    return syscall(SYS_read, file, buffer, size);
}

namespace {

// Gives a list of items once.
class ListSource : public ItemSource {
public:
    std::deque<PlayItem> items;
    std::vector<std::string> failures; // preparing thread; read after the run
    std::atomic<Interruption> wish{Interruption::none};
    std::function<void()> on_next;

    std::optional<PlayItem> next() override {
        if (on_next)
            on_next();
        const std::lock_guard lock(mutex);
        if (items.empty())
            return std::nullopt;
        PlayItem item = items.front();
        items.pop_front();
        return item;
    }
    PlayItem fallback() override {
        PlayItem item;
        item.media = MediaKind::fallback;
        item.shown = ShownItem::fallback;
        item.name = "fallback";
        item.duration = 300ms;
        item.draw = [](Size size) { return Picture(size, 0xff000040U); };
        return item;
    }
    Interruption interruption() override { return wish.exchange(Interruption::none); }
    void failed(const PlayItem& item, const Error&) override { failures.push_back(item.name); }
    std::mutex mutex;
};

struct Recorder : PlaybackListener {
    std::vector<std::string> began, failed, reasons;
    std::vector<std::pair<std::string, Showing>> ended;
    std::vector<std::pair<std::string, ShownFrame>> frames;
    std::function<void(const PlayItem&, const ShownFrame&)> on_frame;

    void showing_began(const PlayItem& item, std::int64_t) override { began.push_back(item.name); }
    void frame_shown(const PlayItem& item, const ShownFrame& frame) override {
        frames.emplace_back(item.name, frame);
        if (on_frame)
            on_frame(item, frame);
    }
    void showing_ended(const PlayItem& item, const Showing& showing) override { ended.emplace_back(item.name, showing); }
    void item_failed(const PlayItem& item, const Error& error) override {
        failed.push_back(item.name);
        reasons.push_back(error.message);
    }
};

struct Theatre {
    TemporaryFolder folder;
    SystemClock clock;
    std::unique_ptr<Stage> stage;
    ListSource source;
    Recorder recorder;

    Theatre() {
        StageOptions options;
        options.headless = true;
        options.size = {160, 90};
        auto opened = open_stage(options, clock, NoDisplay::refused);
        REQUIRE(opened.ok());
        stage = std::move(*opened);
    }
    PlayItem clip(const std::string& name, const std::string& rate = "30", const std::string& length = "0.3") {
        const Path path = folder.path() / name;
        if (!std::filesystem::exists(path))
            REQUIRE(test::make_clip(path, "testsrc2=s=64x48:r=" + rate + ":d=" + length));
        return file(path);
    }
    PlayItem file(const Path& path) {
        PlayItem item;
        item.name = path.filename().string();
        item.file = path;
        item.duration = 200ms;
        return item;
    }
    PlayItem card(const std::string& name, Milliseconds duration) {
        PlayItem item;
        item.media = MediaKind::card;
        item.shown = ShownItem::card;
        item.name = name;
        item.duration = duration;
        item.draw = [](Size size) { return Picture(size, 0xff008000U); };
        return item;
    }
    void run(DirectorOptions options = {}, const std::function<void(Director&)>& before = {}) {
        Director director(*stage, source, clock, nullptr, options);
        director.add_listener(recorder);
        if (before)
            before(director);
        REQUIRE(director.run().ok());
    }
    DirectorOptions until_dry() {
        DirectorOptions options;
        options.end_when_dry = true;
        return options;
    }
};

} // namespace

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

TEST_CASE("an interrupt cuts what is on screen and drops what was prepared") {
    Theatre t;
    t.source.items.push_back(t.card("long", 60s));
    t.source.items.push_back(t.card("prepared", 60s));
    t.run(t.until_dry(), [&](Director&) {
        t.recorder.on_frame = [&](const PlayItem& item, const ShownFrame&) {
            if (item.name != "long")
                return;
            std::thread([&t] {
                std::this_thread::sleep_for(200ms);
                {
                    const std::lock_guard lock(t.source.mutex);
                    t.source.items.clear();
                    t.source.items.push_back(t.card("urgent", 100ms));
                }
                t.source.wish = Interruption::on_screen;
            }).detach();
        };
    });
    CHECK(t.recorder.began == std::vector<std::string>{"long", "urgent"});
    REQUIRE(t.recorder.ended.size() == 2);
    CHECK(t.recorder.ended[0].second.end == ShowingEnd::cut);
    CHECK(t.recorder.ended[0].second.shown < 20s);
}

TEST_CASE("what comes because of an interrupt is not cut by what follows, even if it comes after the end of what was on screen") {
    Theatre t;
    t.source.items = {t.card("first", 600ms), t.card("prepared", 60s)};
    PlayItem urgent = t.card("urgent", 1000ms);
    urgent.draw = [](Size size) {
        std::this_thread::sleep_for(500ms);
        return Picture(size, 0xff008000U);
    };
    t.recorder.on_frame = [&](const PlayItem& item, const ShownFrame&) {
        if (item.name == "first")
            std::thread([&] {
                std::this_thread::sleep_for(400ms);
                {
                    const std::lock_guard lock(t.source.mutex);
                    t.source.items = {urgent, t.card("after", 100ms)};
                }
                t.source.wish = Interruption::on_screen;
            }).detach();
    };
    DirectorOptions options = t.until_dry();
    options.gap_patience = 10s;
    t.run(options);
    CHECK(t.recorder.began == std::vector<std::string>{"first", "urgent", "after"});
    REQUIRE(t.recorder.ended.size() == 3);
    CHECK(t.recorder.ended[1].second.end == ShowingEnd::complete);
    CHECK(t.recorder.ended[1].second.shown >= 990ms);
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

namespace {

// From where the one ended to the first frame of the other.
Nanoseconds gap(const Recorder& recorder, const std::string& before, const std::string& after) {
    Nanoseconds last{}, first{};
    for (const auto& [name, frame] : recorder.frames) {
        if (name == before)
            last = frame.at;
        if (name == after && first == 0ns)
            first = frame.at;
    }
    return first - last;
}

} // namespace

TEST_CASE("a file that hangs while it is opened is overtaken within a second, and has failed once its patience is over") {
    Theatre t;
    readable = 0;
    hanging = true;
    t.source.items = {t.clip("a.mp4"), t.clip("hangs.mp4"), t.clip("b.mp4"), t.card("card", 2000ms)};
    DirectorOptions options = t.until_dry();
    options.prepare_patience = 1500ms;
    t.run(options);
    CHECK(t.recorder.began == std::vector<std::string>{"a.mp4", "b.mp4", "card"});
    CHECK(t.recorder.failed == std::vector<std::string>{"hangs.mp4"});
    CHECK(t.source.failures == t.recorder.failed);
    REQUIRE(t.recorder.reasons.size() == 1);
    CHECK(t.recorder.reasons[0].find("no picture within 1 s") != std::string::npos);
    CHECK(gap(t.recorder, "a.mp4", "b.mp4") < 1s);
    hanging = false;
}

TEST_CASE("a file that is only slow is overtaken, and then plays") {
    Theatre t;
    readable = 0;
    hanging = true;
    t.source.items = {t.clip("a.mp4"), t.clip("hangs.mp4"), t.clip("b.mp4", "30", "1")};
    DirectorOptions options = t.until_dry();
    options.prepare_patience = 20s;
    t.run(options, [&](Director&) {
        t.recorder.on_frame = [](const PlayItem& item, const ShownFrame&) {
            if (item.name == "b.mp4")
                hanging = false;
        };
    });
    CHECK(t.recorder.began == std::vector<std::string>{"a.mp4", "b.mp4", "hangs.mp4"});
    CHECK(t.recorder.failed.empty());
}

TEST_CASE("a file that hangs in the middle gives way to the next within a second, and has failed") {
    Theatre t;
    // Large enough that opening it does not read it all.
    const Path path = t.folder.path() / "hangs.mkv";
    REQUIRE(test::make_clip(path, "testsrc2=s=640x360:r=30:d=8", "-c:v mpeg4 -q:v 1"));
    readable = 2'000'000;
    REQUIRE(std::filesystem::file_size(path) > 3'000'000);
    hanging = true;
    t.source.items = {t.file(path), t.clip("b.mp4")};
    t.run(t.until_dry());
    REQUIRE(t.recorder.ended.size() == 2);
    CHECK(t.recorder.ended[0].second.end == ShowingEnd::failed);
    CHECK(t.recorder.ended[0].second.frames_shown > 5);
    CHECK(t.recorder.ended[1].first == "b.mp4");
    CHECK(gap(t.recorder, "hangs.mkv", "b.mp4") < 1s);
    CHECK(t.source.failures == std::vector<std::string>{"hangs.mkv"});
    hanging = false;
}

TEST_CASE("when all that there is hangs, the fallback card comes") {
    Theatre t;
    readable = 0;
    hanging = true;
    t.source.items = {t.clip("hangs.mp4")};
    DirectorOptions options;
    options.gap_patience = 200ms;
    t.run(options, [&](Director& director) {
        t.recorder.on_frame = [&](const PlayItem&, const ShownFrame&) { director.stop(); };
    });
    CHECK(t.recorder.began == std::vector<std::string>{"fallback"});
    hanging = false;
}

TEST_CASE("what was prepared and is not wanted any more is dropped, while what is on screen plays to its end") {
    const Interruption wish = GENERATE(Interruption::prepared, Interruption::change);
    Theatre t;
    t.source.items = {t.card("first", 2000ms), t.card("prepared", 60s)};
    t.run(t.until_dry(), [&](Director&) {
        t.recorder.on_frame = [&](const PlayItem& item, const ShownFrame&) {
            if (item.name != "first")
                return;
            std::thread([&t, wish] {
                std::this_thread::sleep_for(300ms);
                {
                    const std::lock_guard lock(t.source.mutex);
                    t.source.items = {t.card("new", 100ms)};
                }
                t.source.wish = wish;
            }).detach();
        };
    });
    CHECK(t.recorder.began == std::vector<std::string>{"first", "new"});
    CHECK(t.recorder.ended[0].second.end == ShowingEnd::complete);
    CHECK(t.recorder.ended[0].second.shown >= 1990ms);
}

TEST_CASE("a change that comes shortly before the end waits for the item that is ready") {
    Theatre t;
    t.source.items = {t.card("first", 600ms), t.card("prepared", 100ms)};
    t.run(t.until_dry(), [&](Director&) {
        t.recorder.on_frame = [&](const PlayItem& item, const ShownFrame&) {
            if (item.name == "first")
                std::thread([&t] {
                    std::this_thread::sleep_for(200ms);
                    t.source.wish = Interruption::change;
                }).detach();
        };
    });
    CHECK(t.recorder.began == std::vector<std::string>{"first", "prepared"});
}
