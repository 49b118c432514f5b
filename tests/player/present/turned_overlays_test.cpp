#include "player/present/turned_overlays.hpp"

#include "tests/catch.hpp"

using namespace capsule;

TEST_CASE("an overlay is turned once, as long as it stays the same") {
    TurnedOverlays turned;
    int turns = 0;
    const auto turn = [&](const Picture& picture) {
        ++turns;
        return Picture(Size{picture.size.height, picture.size.width});
    };
    PlacedPicture caption{0, 0, Picture(Size{4, 2}), next_picture_serial()}, banner{0, 9, Picture(Size{8, 2}), next_picture_serial()};
    for (int frame = 0; frame < 5; ++frame) {
        caption.y = frame; // moving it changes nothing
        CHECK(turned.of(caption, turn).size == Size{2, 4});
        CHECK(turned.of(banner, turn).size == Size{2, 8});
        turned.drop_unused();
    }
    CHECK(turns == 2);
    caption.serial = next_picture_serial();
    turned.of(caption, turn);
    CHECK(turns == 3);
    turned.drop_unused(); // the banner was not asked for
    turned.of(banner, turn);
    CHECK(turns == 4);
}

TEST_CASE("what bears no serial is turned each time") {
    TurnedOverlays turned;
    int turns = 0;
    const PlacedPicture unknown{0, 0, Picture(Size{4, 2})};
    for (int frame = 0; frame < 3; ++frame) {
        turned.of(unknown, [&](const Picture& picture) {
            ++turns;
            return picture;
        });
        turned.drop_unused();
    }
    CHECK(turns == 3);
}
