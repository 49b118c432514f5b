#include "player/media/frame_times.hpp"

#include "tests/catch.hpp"

using namespace capsule;
using namespace std::chrono_literals;

TEST_CASE("the first frame is at zero, wherever its timestamps begin") {
    FrameTimes times(33ms);
    CHECK(times.next(10s, 33ms).pts == 0ms);
    CHECK(times.next(10s + 33ms, 33ms).pts == 33ms);
    CHECK(times.place_sound(10s + 33ms, std::nullopt) == 33ms);
}

TEST_CASE("negative first timestamps start at zero, too") {
    FrameTimes times(40ms);
    CHECK(times.next(-80ms, 40ms).pts == 0ms);
    CHECK(times.next(-40ms, 40ms).pts == 40ms);
}

TEST_CASE("frames without timestamps follow each other") {
    FrameTimes times(40ms);
    CHECK(times.next(std::nullopt, 0ms).pts == 0ms);
    CHECK(times.next(std::nullopt, 0ms).pts == 40ms);
    CHECK(times.next(std::nullopt, 20ms).pts == 80ms);
    CHECK(times.next(std::nullopt, 0ms).pts == 100ms);
}

TEST_CASE("timestamps that come late in the file continue what was counted") {
    FrameTimes times(40ms);
    (void)times.next(std::nullopt, 0ms);
    CHECK(times.next(5s, 40ms).pts == 40ms);
    CHECK(times.next(5s + 40ms, 40ms).pts == 80ms);
}

TEST_CASE("a variable rate is kept as it is") {
    FrameTimes times(40ms);
    (void)times.next(0ms, 40ms);
    CHECK(times.next(15ms, 40ms).pts == 15ms);
    CHECK(times.next(3s, 40ms).pts == 3s);
}

TEST_CASE("time never goes back") {
    FrameTimes times(40ms);
    (void)times.next(0ms, 40ms);
    CHECK(times.next(40ms, 40ms).pts == 40ms);
    CHECK(times.next(40ms, 40ms).pts == 80ms);
    CHECK(times.next(-9000s, 40ms).pts == 120ms);
    CHECK(times.next(-9000s + 40ms, 40ms).pts == 160ms);
}

TEST_CASE("a jump forward beyond what is believed is a break, not a picture that stays") {
    FrameTimes times(40ms, 5s);
    (void)times.next(0ms, 40ms);
    CHECK(times.next(95443s, 40ms).pts == 40ms);
    CHECK(times.next(95443s + 40ms, 40ms).pts == 80ms);
}

TEST_CASE("a last frame of forty hours is not believed, a slide of ten seconds is") {
    FrameTimes film(33ms);
    CHECK(film.next(0ms, 143165s).duration == 33ms);
    FrameTimes slides(10s);
    CHECK(slides.next(0ms, 12s).duration == 12s);
}

TEST_CASE("a rate that cannot be is replaced by twenty-five a second") {
    FrameTimes times(0ms);
    CHECK(times.next(0ms, 0ms).duration == 40ms);
}

TEST_CASE("sound follows the pictures across a break, whichever meets it first") {
    FrameTimes times(40ms, 5s);
    (void)times.next(10s, 40ms);
    CHECK(times.place_sound(10s, std::nullopt) == 0ms);
    (void)times.next(10s + 40ms, 40ms);
    // The sound is beyond the break, the pictures are not: it just continues.
    CHECK(times.place_sound(900s, 80ms) == 80ms);
    (void)times.next(900s, 40ms); // at 80 ms
    CHECK(times.place_sound(900s + 20ms, 100ms) == 100ms);
    CHECK(times.place_sound(900s + 25ms, 100ms) == 105ms);
    // The pictures are beyond the break, the sound is not yet.
    (void)times.next(2s, 40ms); // at 120 ms
    CHECK(times.place_sound(900s + 30ms, 105ms) == 110ms);
    CHECK(times.place_sound(2s + 10ms, 120ms) == 130ms);
}
