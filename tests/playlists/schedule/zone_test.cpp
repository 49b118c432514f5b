#include "playlists/schedule/hours.hpp"
#include "playlists/schedule/zone.hpp"
#include "tests/catch.hpp"

using namespace capsule;

namespace {

const Zone paris{"Europe/Paris"};

Instant at(const char* text) { return *parse_rfc3339(text); }
LocalTime local(const char* day, int hour, int minute) {
    return *parse_day(day) + std::chrono::hours{hour} + std::chrono::minutes{minute};
}

} // namespace

TEST_CASE("local time follows summer time") {
    CHECK(paris.local(at("2026-07-01T10:00:00Z")) == local("2026-07-01", 12, 0));
    CHECK(paris.local(at("2026-12-31T23:30:00Z")) == local("2027-01-01", 0, 30));
    CHECK(to_text(paris.day(at("2028-02-28T23:00:00Z"))) == "2028-02-29");
}

TEST_CASE("a local time that the spring night skips is the moment of the change") {
    CHECK(paris.instant(local("2026-03-29", 1, 59)) == at("2026-03-29T00:59:00Z"));
    CHECK(paris.instant(local("2026-03-29", 2, 0)) == at("2026-03-29T01:00:00Z"));
    CHECK(paris.instant(local("2026-03-29", 2, 30)) == at("2026-03-29T01:00:00Z"));
    CHECK(paris.instant(local("2026-03-29", 3, 0)) == at("2026-03-29T01:00:00Z"));
}

TEST_CASE("a local time that the autumn night has twice is the first") {
    CHECK(paris.instant(local("2026-10-25", 2, 30)) == at("2026-10-25T00:30:00Z"));
    CHECK(paris.instant(local("2026-10-25", 3, 0)) == at("2026-10-25T02:00:00Z"));
    CHECK(paris.local(at("2026-10-25T01:30:00Z")) == local("2026-10-25", 2, 30));
}

TEST_CASE("an unknown zone is Paris") {
    CHECK(Zone{"Mars/Olympus"}.local(at("2026-07-01T10:00:00Z")) == local("2026-07-01", 12, 0));
    CHECK_FALSE(Zone::exists("Mars/Olympus"));
    CHECK(Zone::exists("Indian/Reunion"));
    CHECK(Zone{"Indian/Reunion"}.local(at("2026-07-01T10:00:00Z")) == local("2026-07-01", 14, 0));
}

TEST_CASE("dates are read strictly") {
    for (const char* bad : {"2026-02-29", "2026-1-01", "2026-13-01", "x", "2026-01-01x", "20260-1-01"})
        CHECK_FALSE(parse_day(bad));
    CHECK(to_text(*parse_day("2028-02-29")) == "2028-02-29");
}

TEST_CASE("a night over the change of clocks opens once and closes once") {
    const auto hours = *parse_hours("Sa 22:00-02:30");
    // 2026-10-25 is a Sunday: the hour from two to three comes twice.
    CHECK(open_state(hours, paris, at("2026-10-24T19:59:00Z")) == OpenState{false, at("2026-10-24T20:00:00Z")});
    CHECK(open_state(hours, paris, at("2026-10-24T20:00:00Z")) == OpenState{true, at("2026-10-25T00:30:00Z")});
    CHECK(open_state(hours, paris, at("2026-10-25T01:15:00Z")) == OpenState{false, at("2026-10-31T21:00:00Z")});
    // 2026-03-29: half past two does not exist, so it closes when the clocks jump.
    CHECK(open_state(hours, paris, at("2026-03-29T00:59:00Z")) == OpenState{true, at("2026-03-29T01:00:00Z")});
    // A span that lies wholly in the skipped hour does not take place.
    CHECK_FALSE(open_state(*parse_hours("Su 02:10-02:50"), paris, at("2026-03-29T01:00:00Z")).open);
}

TEST_CASE("opening state says when it next changes, over weekends, holidays and for ever") {
    const auto office = *parse_hours("Mo-Fr 09:00-12:00,13:30-17:00; PH off");
    CHECK(open_state(office, paris, at("2026-11-20T16:00:00Z")) == OpenState{false, at("2026-11-23T08:00:00Z")});
    CHECK(open_state(office, paris, at("2026-11-20T08:00:00Z")) == OpenState{true, at("2026-11-20T11:00:00Z")});
    CHECK(open_state(office, paris, at("2026-12-24T16:00:00Z")) == OpenState{false, at("2026-12-28T08:00:00Z")});
    CHECK(open_state(*parse_hours("24/7"), paris, at("2026-12-24T16:00:00Z")) == OpenState{true, std::nullopt});
    CHECK(open_state(*parse_hours("Mo-Su 00:00-24:00"), paris, at("2026-12-24T16:00:00Z")) == OpenState{true, std::nullopt});
    CHECK(open_state(*parse_hours("off"), paris, at("2026-12-24T16:00:00Z")) == OpenState{false, std::nullopt});
    CHECK(open_state(*parse_hours("24/7; PH off"), paris, at("2026-12-24T16:00:00Z")) == OpenState{true, at("2026-12-24T23:00:00Z")});
    CHECK(open_state(*parse_hours("24/7; Mo off"), paris, at("2026-11-24T16:00:00Z")) == OpenState{true, at("2026-11-29T23:00:00Z")});
}
