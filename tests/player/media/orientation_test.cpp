#include "player/media/orientation.hpp"

#include "tests/catch.hpp"

using namespace capsule;

namespace {
constexpr std::int32_t one = 1 << 16;
Orientation of(std::int32_t a, std::int32_t b, std::int32_t c, std::int32_t d) {
    return orientation_from_matrix({a, b, 0, c, d, 0, 0, 0, 1 << 30});
}
} // namespace

TEST_CASE("a display matrix gives the turn and the mirror") {
    CHECK(of(one, 0, 0, one) == Orientation{0, false});
    CHECK(of(0, one, -one, 0) == Orientation{1, false});
    CHECK(of(-one, 0, 0, -one) == Orientation{2, false});
    CHECK(of(0, -one, one, 0) == Orientation{3, false});
    CHECK(of(-one, 0, 0, one) == Orientation{0, true});
    CHECK(of(one, 0, 0, -one) == Orientation{2, true});
    CHECK(of(0, one, one, 0) == Orientation{3, true});   // mirrored left to right, then turned anticlockwise
    CHECK(of(0, -one, -one, 0) == Orientation{1, true});
}

TEST_CASE("a matrix that would leave no picture is not obeyed") { CHECK(of(0, 0, 0, 0) == Orientation{}); }

TEST_CASE("the screen's turn comes after the file's") {
    CHECK(Orientation{3, true}.then_turned(2) == Orientation{1, true});
    CHECK(Orientation{1, false}.applied_to({640, 360}) == Size{360, 640});
}
