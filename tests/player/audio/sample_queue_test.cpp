#include "player/audio/sample_queue.hpp"

#include "tests/catch.hpp"

#include <cmath>

using namespace capsule;
using namespace std::chrono_literals;

namespace {
std::vector<float> ones(std::size_t frames) { return std::vector<float>(frames * 2, 1.0F); }
} // namespace

TEST_CASE("what is written comes out in order, then silence") {
    SampleQueue queue(1000);
    CHECK(queue.write(ones(300), 0.5F) == 300);
    std::vector<float> out(800);
    CHECK(queue.pull(out, 0s) == 300);
    CHECK(out[2 * 299] == Approx(0.5F));
    CHECK(out[2 * 300] == 0.0F);
}

TEST_CASE("a full queue takes what fits") {
    SampleQueue queue(100);
    CHECK(queue.write(ones(300), 1) == 100);
    CHECK(queue.write(ones(300), 1) == 0);
    CHECK(queue.written() == 100);
}

TEST_CASE("sound never starts or stops with a click") {
    SampleQueue queue(4000);
    queue.write(ones(2000), 1);
    std::vector<float> out(2 * 1000);
    queue.pull(out, 0s);
    CHECK(out[0] < 0.01F);
    float before = 0;
    for (std::size_t i = 0; i < 1000; ++i) {
        CHECK(std::fabs(out[2 * i] - before) < 0.01F);
        before = out[2 * i];
    }
    queue.clear();
    std::vector<float> rest(2 * 1000);
    const std::size_t left = queue.pull(rest, 0s);
    CHECK(left <= 240);
    for (std::size_t i = 0; i < 1000; ++i) {
        CHECK(std::fabs(rest[2 * i] - before) < 0.01F);
        before = rest[2 * i];
    }
    CHECK(before == 0.0F);
}

TEST_CASE("positions go on counting across a clear") {
    SampleQueue queue(4000);
    queue.write(ones(2000), 1);
    queue.clear();
    CHECK(queue.written() == 240);
    queue.write(ones(100), 1);
    CHECK(queue.written() == 340);
}

TEST_CASE("what is heard lags behind what was pulled, and stands still when nothing comes") {
    SampleQueue queue(48000);
    queue.write(ones(4800), 1);
    std::vector<float> out(2 * 480);
    queue.pull(out, 1s);
    CHECK(queue.heard(1s + 10ms, 10ms) == 0);
    CHECK(queue.heard(1s + 15ms, 10ms) == 240);
    CHECK(queue.heard(9s, 10ms) == 480);
}
