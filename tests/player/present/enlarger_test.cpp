// Against the definition, computed in floating point.
#include "player/present/enlarger.hpp"

#include "tests/catch.hpp"

#include <libyuv.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

using namespace capsule;

namespace {

struct Plane {
    Size size;
    std::vector<std::uint8_t> bytes;
    Plane(Size s, unsigned seed) : size(s), bytes(static_cast<std::size_t>(s.width * s.height)) {
        for (int y = 0; y < s.height; ++y)
            for (int x = 0; x < s.width; ++x)
                at(x, y) = static_cast<std::uint8_t>(40 + (seed + static_cast<unsigned>(x * 37 + y * 11 + x * y)) % 160);
    }
    std::uint8_t& at(int x, int y) { return bytes[static_cast<std::size_t>(y * size.width + x)]; }

    Plane enlarged(Size to) {
        Plane result(to, 0);
        for (int y = 0; y < to.height; ++y) {
            for (int x = 0; x < to.width; ++x) {
                const double sx = std::clamp((x + 0.5) * size.width / to.width - 0.5, 0.0, size.width - 1.0);
                const double sy = std::clamp((y + 0.5) * size.height / to.height - 0.5, 0.0, size.height - 1.0);
                const int x0 = static_cast<int>(sx), y0 = static_cast<int>(sy);
                const int x1 = std::min(x0 + 1, size.width - 1), y1 = std::min(y0 + 1, size.height - 1);
                const double upper = at(x0, y0) * (1 - sx + x0) + at(x1, y0) * (sx - x0);
                const double lower = at(x0, y1) * (1 - sx + x0) + at(x1, y1) * (sx - x0);
                result.at(x, y) = static_cast<std::uint8_t>(std::lround(upper * (1 - sy + y0) + lower * (sy - y0)));
            }
        }
        return result;
    }
};

Size half(Size size) { return {(size.width + 1) / 2, (size.height + 1) / 2}; }

} // namespace

TEST_CASE("an enlarged picture is the bilinear one, to its edges") {
    struct Case {
        Size from, to;
    };
    const auto [from, to] = GENERATE(Case{{128, 72}, {192, 108}}, Case{{64, 36}, {128, 72}}, Case{{33, 17}, {101, 53}}, Case{{40, 30}, {40, 31}},
                                     Case{{32, 2}, {320, 7}}, Case{{65, 33}, {66, 33}});
    if (!Enlarger::can(from, to)) {
        WARN("not on this processor");
        return;
    }
    Plane y(from, 3), u(half(from), 50), v(half(from), 90);
    Plane big_y = y.enlarged(to), big_u = u.enlarged(half(to)), big_v = v.enlarged(half(to));
    std::vector<std::uint8_t> wanted(static_cast<std::size_t>(to.width * to.height * 4)), got(wanted.size() + 64, 77);
    libyuv::I420ToARGBMatrix(big_y.bytes.data(), to.width, big_u.bytes.data(), half(to).width, big_v.bytes.data(), half(to).width,
                             wanted.data(), to.width * 4, &libyuv::kYuvI601Constants, to.width, to.height);
    Enlarger enlarger;
    for (int pass = 0; pass < 2; ++pass) // the second with what the first kept
        enlarger.draw({y.bytes.data(), u.bytes.data(), v.bytes.data(), from.width, half(from).width, half(from).width, from},
                      libyuv::kYuvI601Constants, got.data(), to.width * 4, to);
    int worst = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        worst = std::max(worst, std::abs(wanted[i] - got[i]));
    INFO(from.width << "x" << from.height << " to " << to.width << "x" << to.height);
    CHECK(worst <= 6); // weights of 64ths, and what the conversion makes of one step
    for (std::size_t i = wanted.size(); i < got.size(); ++i)
        CHECK(got[i] == 77);
}

TEST_CASE("what gets smaller, or is too narrow to read sixteen bytes of, is left to others") {
    CHECK_FALSE(Enlarger::can({64, 36}, {63, 72}));
    CHECK_FALSE(Enlarger::can({64, 36}, {128, 35}));
    CHECK_FALSE(Enlarger::can({30, 36}, {128, 72}));
}
