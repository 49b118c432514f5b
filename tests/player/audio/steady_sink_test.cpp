#include "player/audio/steady_sink.hpp"

#include "tests/catch.hpp"

#include <atomic>
#include <thread>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

// A sound card that can be unplugged, and that another program may hold.
struct Card {
    std::atomic<bool> there{true}, takes_sound{true}, hangs{false};
    std::atomic<int> opened{0}, tried{0};
    SystemClock clock;

    struct Open final : AudioDevice {
        explicit Open(Card& c, std::shared_ptr<Mixer> m) : card(c), mixer(std::move(m)), thread([this] { run(); }) {}
        ~Open() override {
            stop = true;
            thread.join();
        }
        bool alive() const override { return card.there; }
        void run() {
            std::vector<float> buffer(960);
            for (; !stop; std::this_thread::sleep_for(5ms))
                if (card.takes_sound)
                    mixer->pull(buffer, card.clock.monotonic());
        }
        Card& card;
        std::shared_ptr<Mixer> mixer;
        std::atomic<bool> stop{false};
        std::thread thread;
    };
    DeviceOpener opener() {
        return [this]() -> Result<OpenDevice> {
            ++tried;
            while (hangs)
                std::this_thread::sleep_for(5ms);
            if (!there)
                return Error{Category::refused, "the sound device cannot be opened: it is busy"};
            ++opened;
            auto mixer = std::make_shared<Mixer>();
            return OpenDevice{std::make_unique<Open>(*this, mixer), mixer};
        };
    }
};

const SteadyOptions quick{20ms, 80ms, 10ms, 500ms, 300ms};

template <typename Condition>
bool soon(Condition condition) {
    for (int i = 0; i < 1000; ++i, std::this_thread::sleep_for(10ms))
        if (condition())
            return true;
    return false;
}

} // namespace

TEST_CASE("a device that is missing at first is taken up when it comes") {
    Card card;
    card.there = false;
    SteadySink sink(card.opener(), card.clock, quick);
    CHECK_FALSE(sink.wait_first_try(10s));
    CHECK(sink.mixer() == nullptr);
    CHECK(sink.trouble().find("busy") != std::string::npos);
    card.there = true;
    CHECK(soon([&] { return sink.mixer() != nullptr; }));
    CHECK(sink.trouble().empty());
}

TEST_CASE("a device that vanishes is let go of, and its successor has another mixer") {
    Card card;
    SteadySink sink(card.opener(), card.clock, quick);
    REQUIRE(sink.wait_first_try(10s));
    const auto first = sink.mixer();
    card.there = false;
    CHECK(soon([&] { return sink.mixer() == nullptr; }));
    card.there = true;
    CHECK(soon([&] { return sink.mixer() != nullptr; }));
    CHECK(sink.mixer() != first);
    CHECK(card.opened == 2);
}

TEST_CASE("a device that is open but takes no sound counts as vanished") {
    Card card;
    SteadySink sink(card.opener(), card.clock, quick);
    REQUIRE(sink.wait_first_try(10s));
    card.takes_sound = false;
    CHECK(soon([&] { return sink.mixer() == nullptr; }));
    card.takes_sound = true;
    CHECK(soon([&] { return sink.mixer() != nullptr; }));
}

TEST_CASE("a device that is not there is asked for less and less often") {
    Card card;
    card.there = false;
    SteadySink sink(card.opener(), card.clock, {50ms, 10s, 10ms, 500ms, 300ms});
    std::this_thread::sleep_for(600ms);
    CHECK(card.tried <= 5); // after 0, 50, 150, 350, 750 ms
    CHECK(card.tried >= 2);
}

TEST_CASE("a device that hangs while it is opened keeps nobody waiting") {
    static Card card; // its thread is left behind
    card.hangs = true;
    const auto before = std::chrono::steady_clock::now();
    {
        SteadySink sink(card.opener(), card.clock, quick);
        CHECK_FALSE(sink.wait_first_try(50ms));
        CHECK(sink.mixer() == nullptr);
    }
    CHECK(std::chrono::steady_clock::now() - before < 5s);
    card.hangs = false;
    std::this_thread::sleep_for(100ms);
}
