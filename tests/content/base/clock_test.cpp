#include "content/base/clock.hpp"
#include "tests/catch.hpp"

using namespace capsule;

TEST_CASE("RFC 3339 is read with Z and with offsets, and written in UTC") {
    CHECK(to_rfc3339(*parse_rfc3339("2026-11-22T10:00:00+01:00")) == "2026-11-22T09:00:00Z");
    CHECK(to_rfc3339(*parse_rfc3339("1969-12-31T23:59:59.250Z")) == "1969-12-31T23:59:59.250Z");
    CHECK(to_ms(*parse_rfc3339("2024-02-29T00:00:00Z")) == 1709164800000);
    for (const char* bad : {"2026-11-22", "2026-02-29T00:00:00Z", "2026-11-22T10:00:00", "2026-11-22T24:00:00Z", "2026-11-22T10:00:00.Z", "x"})
        CHECK_FALSE(parse_rfc3339(bad));
}

TEST_CASE("durations are a whole number and a unit") {
    CHECK(parse_duration("30s") == Milliseconds{30000});
    CHECK(parse_duration("5min") == Milliseconds{300000});
    CHECK(parse_duration("250ms") == Milliseconds{250});
    for (const char* bad : {"", "s", "3", "3 s", "-3s", "1.5s", "9999999999s"})
        CHECK_FALSE(parse_duration(bad));
}
