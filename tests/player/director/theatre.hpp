// A director on a real stage without a display, what it is given to play, and all that it tells.
#pragma once

#include "player/director/director.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/player/tiny_clip.hpp"

#include <atomic>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>

namespace capsule::test {

using namespace std::chrono_literals;

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
            REQUIRE(make_clip(path, "testsrc2=s=64x48:r=" + rate + ":d=" + length));
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

} // namespace capsule::test
