#include "content/photosensitivity/flash_meter.hpp"
#include "tests/catch.hpp"

#include <cmath>
#include <vector>

using namespace capsule;

namespace {

struct Colour {
    int red, green, blue;
};
constexpr Colour black{0, 0, 0}, white{255, 255, 255}, red{255, 0, 0};

// A screen of 1024 × 576 at a picture rate, painted by rectangles.
class Film {
public:
    explicit Film(double pictures_per_second) : m_rate(pictures_per_second), m_rgb(std::size_t{1024} * 576 * 3) {}
    void fill(int left, int top, int width, int height, Colour colour) {
        for (int y = top; y < top + height; ++y)
            for (int x = left; x < left + width; ++x) {
                auto* pixel = &m_rgb[(static_cast<std::size_t>(y) * 1024 + static_cast<std::size_t>(x)) * 3];
                pixel[0] = static_cast<std::uint8_t>(colour.red);
                pixel[1] = static_cast<std::uint8_t>(colour.green);
                pixel[2] = static_cast<std::uint8_t>(colour.blue);
            }
    }
    void show() { m_meter.add(m_rgb.data(), 1024 * 3, Nanoseconds{std::llround(static_cast<double>(m_shown++) * 1e9 / m_rate)}); }
    double time() const { return static_cast<double>(m_shown) / m_rate; }
    FlashReport report() const { return m_meter.report(); }

private:
    double m_rate;
    std::vector<std::uint8_t> m_rgb;
    FlashMeter m_meter{{1024, 576}};
    std::int64_t m_shown = 0;
};

// `one` and `other` in turn, that many times a second each, on a rectangle; the rest is black.
FlashReport flicker(double hertz, double rate, Colour one, Colour other, int width = 900, int height = 500, double seconds = 1.6) {
    Film film(rate);
    for (int painted = -1; film.time() < seconds; film.show()) {
        const double phase = film.time() * hertz;
        const int state = phase - std::floor(phase) < 0.5 ? 0 : 1;
        if (state != painted) // painting costs more than counting
            film.fill(60, 40, width, height, state == 0 ? one : other);
        painted = state;
    }
    return film.report();
}

std::string verdict(const FlashCount& count) {
    return count.verdict() == FlashVerdict::fail ? "fail" : count.verdict() == FlashVerdict::warning ? "warning" : "pass";
}

} // namespace

TEST_CASE("more than three flashes a second fail, three and two are a warning, one passes, at any picture rate") {
    for (const double rate : {24.0, 25.0, 30'000.0 / 1001, 60.0}) {
        INFO(rate);
        CHECK(verdict(flicker(1, rate, black, white).general) == "pass");
        CHECK(verdict(flicker(2, rate, black, white).general) == "warning");
        CHECK(verdict(flicker(3, rate, black, white).general) == "warning");
        CHECK(verdict(flicker(4, rate, black, white).general) == "fail");
    }
    CHECK(flicker(4, 25, black, white).general.flashes == 4);
    CHECK(flicker(10, 50, black, white).general.flashes == 10);
    CHECK(flicker(12.5, 25, black, white).general.flashes >= 12); // every picture another
}

TEST_CASE("a fourth flash that begins within the second fails") {
    Film film(25);
    for (int round = 0; round < 3; ++round) // three flashes in fourteen pictures, then ten of rest: the next begins after 24
        for (int picture = 0; picture < 24; ++picture) {
            const bool lit = picture < 3 || (picture >= 6 && picture < 9) || (picture >= 11 && picture < 14);
            film.fill(60, 40, 900, 500, lit ? white : black);
            film.show();
        }
    CHECK(verdict(film.report().general) == "fail");
    Film slower(25);
    for (int round = 0; round < 3; ++round) // after a whole second it is three in any second
        for (int picture = 0; picture < 25; ++picture) {
            const bool lit = picture < 3 || (picture >= 6 && picture < 9) || (picture >= 11 && picture < 14);
            slower.fill(60, 40, 900, 500, lit ? white : black);
            slower.show();
        }
    CHECK(verdict(slower.report().general) == "warning");
}

TEST_CASE("flashes count above a quarter of the block of 341 by 256, wherever its parts lie") {
    CHECK(verdict(flicker(5, 25, black, white, 148, 140).general) == "pass");    // 20 720 pixels of 21 824
    CHECK(verdict(flicker(5, 25, black, white, 148, 154).general) == "fail");    // 22 792
    const auto scattered = [](int size, int apart) {
        Film film(25);
        while (film.time() < 2) {
            const bool lit = std::fmod(film.time() * 5, 1) < 0.5;
            for (int row = 0; row < 4; ++row)
                for (int column = 0; column < 4; ++column)
                    film.fill(100 + column * apart, 60 + row * (apart - 24), size, size, lit ? white : black);
            film.show();
        }
        return film.report().general;
    };
    CHECK(verdict(scattered(40, 80)) == "fail");  // sixteen of 40 × 40 within one block: 25 600 pixels
    CHECK(verdict(scattered(40, 150)) == "pass"); // as many, but never a quarter of one block
}

TEST_CASE("a change below a tenth of the brightest, or between two bright states, is no flash") {
    // Relative luminance: 32 is 0.014, 64 is 0.051, 96 is 0.117, 208 is 0.631, 231 is 0.799, 232 is 0.807
    CHECK(verdict(flicker(5, 25, {32, 32, 32}, {64, 64, 64}).general) == "pass");
    CHECK(verdict(flicker(5, 25, {32, 32, 32}, {96, 96, 96}).general) == "fail");
    CHECK(verdict(flicker(5, 25, {208, 208, 208}, white).general) == "fail");
    CHECK(verdict(flicker(5, 25, {230, 230, 230}, white).general) == "fail");
    CHECK(verdict(flicker(5, 25, {232, 232, 232}, white).general) == "pass");
}

TEST_CASE("a saturated red that comes and goes is a red flash, also without a change of luminance") {
    CHECK(verdict(flicker(5, 25, black, red).red) == "fail");
    CHECK(verdict(flicker(5, 25, white, red).red) == "fail");
    const FlashReport as_bright = flicker(5, 25, {0, 125, 0}, red); // 0.7152 × 0.205 against 0.2126: less than a tenth apart
    CHECK(verdict(as_bright.general) == "pass");
    CHECK(verdict(as_bright.red) == "fail");
    CHECK(verdict(flicker(3, 25, {0, 125, 0}, red).red) == "warning");
    CHECK(verdict(flicker(5, 25, {0, 125, 0}, red, 148, 140).red) == "pass");
    CHECK(flicker(5, 25, black, white).red.changes == 0);
    CHECK(flicker(5, 25, {0, 0, 255}, {0, 255, 0}).red.changes == 0);
    CHECK(flicker(5, 25, {200, 150, 120}, {90, 60, 50}).red.changes == 0); // skin is no saturated red
    CHECK(flicker(5, 25, red, {255, 60, 40}).red.changes == 0);            // red and red again: too near
    CHECK(flicker(5, 25, {30, 0, 0}, black).red.changes == 0);             // noise in the dark has no colour
}

TEST_CASE("a cut, a slow fade and a still picture do not flash") {
    Film film(25);
    while (film.time() < 3) {
        film.fill(0, 0, 1024, 576, film.time() < 1 ? black : film.time() < 2 ? white : red);
        film.show();
    }
    CHECK(verdict(film.report().general) == "pass");
    CHECK(verdict(film.report().red) == "pass");
    Film fade(25);
    while (fade.time() < 4) {
        const int value = static_cast<int>(127.5 - 127.5 * std::cos(fade.time() * 2 * 3.14159265 * 0.5));
        fade.fill(0, 0, 1024, 576, {value, value, value});
        fade.show();
    }
    CHECK(verdict(fade.report().general) == "pass");
}

TEST_CASE("a smooth flicker counts as a hard one does, also where it crosses the limit at different times") {
    Film film(25);
    while (film.time() < 2) {
        for (int column = 0; column < 16; ++column) { // brighter from left to right: each crosses the limit in another picture
            const double top = 255 * (0.5 + 0.5 * column / 15);
            const int value = static_cast<int>(top * (0.5 - 0.5 * std::cos(film.time() * 2 * 3.14159265 * 5)));
            film.fill(column * 64, 0, 64, 576, {value, value, value});
        }
        film.show();
    }
    CHECK(verdict(film.report().general) == "fail");
}

TEST_CASE("two halves that flash in turn are as bad as one, and places that flash one after the other add up") {
    Film halves(25);
    while (halves.time() < 2) {
        const bool lit = std::fmod(halves.time() * 5, 1) < 0.5;
        halves.fill(0, 0, 512, 576, lit ? white : black);
        halves.fill(512, 0, 512, 576, lit ? black : white);
        halves.show();
    }
    CHECK(verdict(halves.report().general) == "fail");
    Film places(50);
    for (int place = 0; place < 4; ++place)
        for (int picture = 0; picture < 10; ++picture) { // one flash at each of four places, all within a second
            places.fill(20 + place * 250, 100, 220, 300, picture >= 2 && picture < 7 ? white : black);
            places.show();
        }
    CHECK(verdict(places.report().general) == "fail");
}

TEST_CASE("pictures of any shape are fitted to the screen that the definition speaks of") {
    CHECK(FlashMeter::fit({1920, 1080}) == PictureSize{1024, 576});
    CHECK(FlashMeter::fit({1080, 1920}) == PictureSize{576, 1024});
    CHECK(FlashMeter::fit({640, 480}) == PictureSize{1024, 768});
    CHECK(FlashMeter::fit({320, 180}) == PictureSize{1024, 576});
    CHECK(FlashMeter::fit({16, 16384}) == PictureSize{2, 1024});
}
