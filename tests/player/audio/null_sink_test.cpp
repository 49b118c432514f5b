#include "player/audio/sink.hpp"

#include "tests/catch.hpp"
#include "tests/fakes/fake_clock.hpp"

#include <vector>

using namespace capsule;
using namespace std::chrono_literals;

TEST_CASE("the sink that hears nothing keeps the pace of one that does") {
    FakeClock clock;
    auto sink = make_null_sink(clock);
    const std::vector<float> second(96000, 0.1F);
    CHECK(sink->write(second, 1) == 48000);
    const Nanoseconds start = clock.monotonic();
    clock.advance(500ms);
    const std::int64_t heard = sink->heard(clock.monotonic());
    CHECK(heard > 24000 - 2100);
    CHECK(heard <= 24000);
    clock.advance(2s);
    CHECK(sink->heard(clock.monotonic()) == 48000);
    CHECK(start >= 0ns);
}
