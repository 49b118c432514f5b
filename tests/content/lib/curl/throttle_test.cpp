#include "content/lib/curl/throttle.hpp"
#include "tests/catch.hpp"

using namespace capsule;
using namespace capsule::http;
using namespace std::chrono_literals;

namespace {

// What a transfer takes in `span` when as much as it asks for is always there, in pieces of `piece` bytes.
std::uint64_t taken(Throttle& throttle, Nanoseconds& now, Nanoseconds span, std::uint64_t piece) {
    std::uint64_t bytes = 0;
    for (const Nanoseconds end = now + span; now < end;) {
        if (const Nanoseconds wait = throttle.wait(now); wait > 0ns) {
            now = std::min(end, now + wait);
            continue;
        }
        bytes += piece;
        throttle.came(piece, now);
    }
    return bytes;
}

} // namespace

TEST_CASE("a ceiling holds over long and short spans") {
    Throttle throttle(100'000);
    Nanoseconds now = 5s;
    const std::uint64_t piece = 16'384;
    for (int second = 0; second < 20; ++second)
        CHECK(taken(throttle, now, 1s, piece) <= 125'000 + piece);
    CHECK(taken(throttle, now, 60s, piece) <= 6'025'000 + piece);
}

TEST_CASE("the ceiling is reached, not only kept") {
    Throttle throttle(100'000);
    Nanoseconds now = 5s;
    CHECK(taken(throttle, now, 60s, 16'384) >= 5'900'000);
}

TEST_CASE("what was not used in a pause is forgiven, not saved up") {
    Throttle throttle(100'000);
    Nanoseconds now = 5s;
    (void)taken(throttle, now, 1s, 1'000);
    now += 1h;
    CHECK(taken(throttle, now, 1s, 1'000) <= 126'000);
}

TEST_CASE("without a ceiling nothing waits") {
    Throttle throttle(0);
    throttle.came(1u << 30, 1s);
    CHECK(throttle.wait(1s) == 0ns);
    CHECK_FALSE(throttle.limits());
}
