#include "player/present/layout.hpp"

#include "tests/catch.hpp"

using namespace capsule;

TEST_CASE("a picture keeps its proportions in the middle of the stage") {
    CHECK(letterbox({1280, 720}, 1, {}, {1920, 1080}) == Rectangle{0, 0, 1920, 1080});
    CHECK(letterbox({640, 480}, 1, {}, {1920, 1080}) == Rectangle{240, 0, 1440, 1080});
    CHECK(letterbox({720, 1280}, 1, {}, {1920, 1080}) == Rectangle{656, 0, 608, 1080});
    CHECK(letterbox({1920, 800}, 1, {}, {1920, 1080}) == Rectangle{0, 140, 1920, 800});
}

TEST_CASE("pixels that are not square and pictures that lie on their side are accounted for") {
    CHECK(letterbox({720, 576}, 64.0 / 45, {}, {1920, 1080}) == Rectangle{0, 0, 1920, 1080});
    CHECK(letterbox({1080, 1920}, 1, {1, false}, {1920, 1080}) == Rectangle{0, 0, 1920, 1080});
    CHECK(letterbox({576, 720}, 45.0 / 64, {3, false}, {1920, 1080}).width == 1920);
}

TEST_CASE("no bar of a pixel or two is left") { CHECK(letterbox({1918, 1080}, 1, {}, {1920, 1080}).width == 1920); }

TEST_CASE("an empty picture takes no room") { CHECK(letterbox({0, 10}, 1, {}, {1920, 1080}) == Rectangle{}); }

TEST_CASE("what lies at the bottom of a turned stage lies at its side in the display") {
    const Rectangle bottom{0, 1820, 1080, 100}; // of a stage of 1080 × 1920
    CHECK(turn_within(bottom, {1080, 1920}, 1) == Rectangle{0, 0, 100, 1080});
    CHECK(turn_within(bottom, {1080, 1920}, 3) == Rectangle{1820, 0, 100, 1080});
    CHECK(turn_within({10, 20, 30, 40}, {100, 200}, 2) == Rectangle{60, 140, 30, 40});
    CHECK(turn_within({10, 20, 30, 40}, {100, 200}, 0) == Rectangle{10, 20, 30, 40});
}

TEST_CASE("the margin is the same share of each side") {
    CHECK(inside_margin({1920, 1080}, 0) == Rectangle{0, 0, 1920, 1080});
    CHECK(inside_margin({1920, 1080}, 0.05) == Rectangle{96, 54, 1728, 972});
    CHECK(inside_margin({1366, 768}, 0.025) == Rectangle{34, 20, 1298, 728});
    CHECK(inside_margin({1920, 1080}, 7).width == 1536); // a tenth at most
}
