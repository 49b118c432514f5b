// What is wanted while something else is on screen or prepared.
#include "tests/player/director/theatre.hpp"

#include <thread>

using namespace capsule;
using namespace capsule::test;
using namespace std::chrono_literals;

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
