#include "player/audio/device_clock.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <cmath>
#include <random>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t block = 1024;

// A device whose crystal runs `speed` times as fast as it should, with `ahead` blocks in its buffers, that asks up to 5 ms late.
struct Device {
    double speed;
    int ahead = 1;
    DeviceClock clock{};
    std::int64_t asked = 0;
    std::mt19937 random{7};

    double seconds(std::int64_t position) const { return static_cast<double>(position) / sound_rate / speed; }
    // When that position is really heard: it began to play at second 1, as soon as its buffers were full.
    Nanoseconds truth(std::int64_t position) const { return Nanoseconds(std::llround((1 + seconds(position)) * 1e9)); }
    // By how many milliseconds the clock is wrong.
    double wrong() const { return std::fabs(static_cast<double>((clock.time_of(asked) - truth(asked)).count()) / 1e6); }
    void ask() {
        const double late = asked < block * ahead ? 0 : std::uniform_real_distribution(0.0, 0.005)(random);
        const double at = 1 + std::max(0.0, seconds(asked - block * ahead)) + late;
        clock.asked(asked, block, Nanoseconds(std::llround(at * 1e9)));
        asked += block;
    }
};

} // namespace

TEST_CASE("what is heard is known to a few milliseconds however fast the device runs and however much it buffers") {
    const double speed = GENERATE(1.0, 1.0002, 0.9998);
    const int ahead = GENERATE(1, 2, 4);
    Device device{speed, ahead};
    double worst = 0;
    for (int i = 0; i < 5000; ++i) {
        device.ask();
        if (i > 300)
            worst = std::max(worst, device.wrong());
    }
    INFO("speed " << speed << ", blocks ahead " << ahead);
    CHECK(worst < 6); // half of it is that the device asks late on average
    CHECK(device.clock.speed() == Approx(speed).margin(0.001));
    CHECK(device.clock.latency() < (ahead + 0.5) * 22ms);
}

TEST_CASE("over an hour a device that is 200 millionths off does not drift away from the picture") {
    const double speed = GENERATE(1.0002, 0.9998);
    Device device{speed, 2};
    double worst = 0;
    while (device.seconds(device.asked) < 3600) {
        device.ask();
        if (device.asked > sound_rate)
            worst = std::max(worst, device.wrong());
    }
    CHECK(worst < 20);
    WARN("worst offset in an hour at " << (speed - 1) * 1e6 << " millionths: " << worst << " ms");
}

TEST_CASE("a driver that only pretends to be a device, and sleeps in whole milliseconds, is followed as well") {
    Device device{1.016, 1};
    for (int i = 0; i < 3000; ++i)
        device.ask();
    CHECK(device.clock.speed() == Approx(1.016).margin(0.001));
    CHECK(device.wrong() < 15);
}

TEST_CASE("position and time are each other's inverse") {
    Device device{1.0002, 2};
    for (int i = 0; i < 500; ++i)
        device.ask();
    for (const std::int64_t position : {0, 1000, 500'000})
        CHECK(std::llabs(device.clock.position_at(device.clock.time_of(position)) - position) <= 1);
}

TEST_CASE("a device that stood still for a second starts a new line") {
    Device device{1.0, 1};
    for (int i = 0; i < 500; ++i)
        device.ask();
    const Nanoseconds later = device.truth(device.asked) + 1s;
    device.clock.asked(device.asked, block, later);
    CHECK(device.clock.time_of(device.asked) == later + device.clock.latency());
}
