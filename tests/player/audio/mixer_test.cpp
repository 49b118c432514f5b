#include "player/audio/mixer.hpp"
#include "player/audio/sink.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t block = 960; // 20 ms

// A device that keeps what it was given (one side of it).
struct Device {
    Mixer mixer;
    std::vector<float> heard;
    Nanoseconds now = 1s;

    void pull(int blocks = 1) {
        std::vector<float> buffer(block * 2);
        for (int i = 0; i < blocks; ++i, now += 20ms) {
            mixer.pull(buffer, now);
            for (std::size_t frame = 0; frame < block; ++frame)
                heard.push_back(buffer[2 * frame]);
        }
    }
    float steepest(std::size_t from = 0) const {
        float most = 0;
        for (std::size_t i = std::max<std::size_t>(from, 1); i < heard.size(); ++i)
            most = std::max(most, std::fabs(heard[i] - heard[i - 1]));
        return most;
    }
};

std::vector<float> level(float value, std::size_t frames) { return std::vector<float>(frames * 2, value); }
constexpr float no_click = 0.006F; // full scale within 5 ms makes 0.0042 a sample

} // namespace

TEST_CASE("a voice is heard exactly at its place, and silence before and after it") {
    Device device;
    device.pull();
    auto voice = device.mixer.voice(2000);
    CHECK(device.mixer.write(*voice, level(0.5F, 3000), 1) == 3000);
    CHECK(device.mixer.written(*voice) == 5000);
    device.pull(9);
    CHECK(std::all_of(device.heard.begin(), device.heard.begin() + 2000, [](float s) { return s == 0; }));
    CHECK(device.heard[2001] > 0);
    CHECK(device.heard[2300] == Approx(0.5F));
    CHECK(device.heard[4999] == Approx(0.5F));
    CHECK(device.heard[5300] == 0);
    CHECK(device.steepest() < no_click);
    CHECK(device.mixer.taken(*voice) == 3000);
}

TEST_CASE("one item's sound ends where the next one's begins, sample by sample, without a click") {
    Device device;
    device.pull();
    auto first = device.mixer.voice(1000);
    device.mixer.write(*first, level(0.9F, 20000), 1);
    auto second = device.mixer.voice(9000); // led in while the first one is heard
    device.mixer.write(*second, level(-0.9F, 10000), 1);
    device.pull(5);
    device.mixer.stop_at(*first, 9000);
    device.pull(20);
    CHECK(device.heard[8700] == Approx(0.9F));
    CHECK(device.heard[8999] == Approx(0.0F).margin(0.01));
    CHECK(device.heard[9300] == Approx(-0.9F));
    CHECK(device.steepest() < no_click);
}

TEST_CASE("what is cut at any moment fades out within five milliseconds") {
    const int written = GENERATE(100, 1000, 20000);
    Device device;
    device.pull();
    auto voice = device.mixer.voice(960);
    device.mixer.write(*voice, level(1, static_cast<std::size_t>(written)), 1);
    device.pull();
    device.mixer.stop_at(*voice, 0);
    device.pull(3);
    CHECK(device.steepest() < no_click);
    CHECK(device.heard[1920 + 240 + 240] == 0); // at most 5 ms of it, and as much to die away
}

TEST_CASE("a voice that runs dry dies away, and what comes later fades in") {
    Device device;
    device.pull();
    auto voice = device.mixer.voice(960);
    device.mixer.write(*voice, level(1, 1500), 1);
    device.pull(5);
    device.mixer.skip_to(*voice, device.mixer.next_asked() + 100);
    device.mixer.write(*voice, level(1, 1500), 1);
    device.pull(5);
    CHECK(device.steepest() < no_click);
    CHECK(device.heard[960 * 6 + 100 + 300] == Approx(1.0F));
}

TEST_CASE("a volume that changes does so gently") {
    Device device;
    device.pull();
    auto voice = device.mixer.voice(960);
    device.mixer.write(*voice, level(1, 4000), 1);
    device.mixer.write(*voice, level(1, 4000), 0.2F);
    device.mixer.write(*voice, level(1, 4000), 0);
    device.pull(14);
    CHECK(device.steepest() < no_click);
    CHECK(device.heard[960 + 7900] == Approx(0.2F));
    CHECK(device.heard[960 + 11900] == 0);
}

TEST_CASE("two voices together never leave the range of the device") {
    Device device;
    auto one = device.mixer.voice(0), two = device.mixer.voice(0);
    device.mixer.write(*one, level(0.9F, 2000), 1);
    device.mixer.write(*two, level(0.9F, 2000), 1);
    device.pull();
    CHECK(*std::max_element(device.heard.begin(), device.heard.end()) <= 1.0F);
}

TEST_CASE("a full voice takes what fits") {
    Mixer mixer;
    auto voice = mixer.voice(0);
    CHECK(mixer.write(*voice, level(1, 30000), 1) == 24000);
    CHECK(mixer.write(*voice, level(1, 1), 1) == 0);
}

TEST_CASE("a device that does not ask is not running") {
    Device device;
    CHECK_FALSE(device.mixer.running(1s));
    device.pull();
    CHECK_FALSE(device.mixer.running(device.now)); // it may only have filled its buffer
    device.pull(4);
    CHECK(device.mixer.running(device.now));
    CHECK_FALSE(device.mixer.running(device.now + 1s));
}

TEST_CASE("the sink that hears nothing keeps the pace of one that does") {
    FakeClock clock;
    auto sink = make_null_sink(clock);
    const Nanoseconds start = clock.monotonic();
    clock.advance(2s);
    CHECK(sink->mixer()->running(clock.monotonic()));
    const auto mixer = sink->mixer();
    CHECK(mixer->next_asked() == 96000 + 960);
    CHECK(mixer->time_of(0) == start + 20ms);
    CHECK(mixer->position_at(clock.monotonic()) == 96000 - 960);
}
