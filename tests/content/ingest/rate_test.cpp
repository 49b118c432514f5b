#include "content/ingest/probe.hpp"
#include "tests/catch.hpp"

using capsule::ingest::house_rate;
using capsule::ingest::Rate;

TEST_CASE("a frame rate above thirty is divided, others are kept, unsteady ones are rounded up to a usual one") {
    struct Case {
        Rate average, base, expected;
    };
    const auto c = GENERATE(values<Case>({
        {{25, 1}, {25, 1}, {25, 1}},
        {{25, 2}, {25, 2}, {25, 2}},
        {{30000, 1001}, {30000, 1001}, {30000, 1001}},
        {{24000, 1001}, {24000, 1001}, {24000, 1001}},
        {{10, 1}, {10, 1}, {10, 1}},
        {{60, 1}, {60, 1}, {30, 1}},
        {{50, 1}, {50, 1}, {25, 1}},
        {{60000, 1001}, {60000, 1001}, {30000, 1001}},
        {{48, 1}, {48, 1}, {24, 1}},
        {{120, 1}, {120, 1}, {30, 1}},
        {{2997, 100}, {2997, 100}, {30000, 1001}},
        {{2987, 100}, {30, 1}, {30, 1}},        // a telephone's, nearly steady
        {{2433, 100}, {1000, 1}, {25, 1}},      // a telephone's in the dark
        {{29412, 1000}, {1000, 1}, {30000, 1001}},
        {{0, 0}, {25, 1}, {25, 1}},
        {{0, 0}, {0, 0}, {25, 1}},
        {{1, 10}, {1, 10}, {1, 1}},
        {{90000, 1}, {90000, 1}, {30, 1}},
        {{18, 1}, {18, 1}, {18, 1}},
    }));
    const Rate rate = house_rate(c.average, c.base);
    INFO(c.average.numerator << "/" << c.average.denominator << " gives " << rate.numerator << "/" << rate.denominator);
    CHECK(rate == c.expected);
}
