#include "player/overlay/caption_layer.hpp"
#include "tests/catch.hpp"

#include <algorithm>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

const Size stage{1920, 1080};

CaptionLayer layer_of(const std::string& text, const std::string& language = "fr") {
    auto layer = CaptionLayer::open(text, {stage, 0, language});
    REQUIRE(layer);
    return std::move(*layer);
}

int columns_with_white(const Picture& picture, int from, int to) {
    int count = 0;
    for (int x = from; x < to; ++x)
        for (int y = 0; y < picture.size.height; ++y)
            if ((picture.row(y)[x] & 0xffffff) > 0xf0f0f0) {
                ++count;
                break;
            }
    return count;
}

} // namespace

TEST_CASE("captions are there while something is said, at the bottom, in the middle, on a dark band") {
    auto layer = layer_of("WEBVTT\n\n00:01.000 --> 00:03.000\nBonjour à toutes et à tous.\n");
    CHECK(layer.at(500ms).empty());
    const auto& shown = layer.at(2000ms);
    REQUIRE(shown.size() == 1);
    const auto& placed = shown.front();
    CHECK(placed.y > stage.height * 3 / 4);
    CHECK(placed.y + placed.picture.size.height < stage.height * 97 / 100);
    CHECK(std::abs(placed.x + placed.picture.size.width / 2 - stage.width / 2) < 20);
    // The band: dark and nearly opaque where there is no letter.
    const std::uint32_t corner = placed.picture.row(placed.picture.size.height / 2)[4];
    CHECK((corner >> 24) > 180);
    CHECK((corner & 255) < 40);
    CHECK(columns_with_white(placed.picture, 0, placed.picture.size.width) > 200);
    CHECK(layer.at(3000ms).empty());
}

TEST_CASE("nothing is drawn anew while the same is said") {
    auto layer = layer_of("WEBVTT\n\n00:01.000 --> 00:03.000\nBonjour\n");
    const auto* pixels = layer.at(1500ms).front().picture.pixels.data();
    CHECK(layer.at(1540ms).front().picture.pixels.data() == pixels);
    CHECK(layer.at(900ms).empty()); // also backwards
}

TEST_CASE("long captions take two lines and stay within the safe area") {
    auto layer = layer_of("1\n00:00:00,000 --> 00:00:09,000\nUne phrase vraiment très longue, comme on en trouve dans les vidéos dont personne n’a relu\n"
                          "les sous-titres, et qui ne tiendrait jamais\nsur deux lignes à la taille habituelle, quelle qu’elle soit.\n");
    const auto& placed = layer.at(1000ms).at(0);
    CHECK(placed.x >= stage.width * 4 / 100);
    CHECK(placed.x + placed.picture.size.width <= stage.width * 96 / 100);
    CHECK(placed.picture.size.height < stage.height / 4);
}

TEST_CASE("cues that overlap share one band of two lines") {
    auto layer = layer_of("WEBVTT\n\n00:00.000 --> 00:04.000\nLe premier parle.\n\n00:02.000 --> 00:06.000\nLe second répond.\n");
    const int one = layer.at(1000ms).at(0).picture.size.height;
    REQUIRE(layer.at(3000ms).size() == 1);
    const int both = layer.at(3000ms).at(0).picture.size.height;
    CHECK(both > one * 5 / 4);
    CHECK(both < one * 2);
    CHECK(layer.at(5000ms).at(0).picture.size.height == one);
}

TEST_CASE("braces and backslashes are letters, not orders") {
    auto plain = layer_of("WEBVTT\n\n00:00.000 --> 00:03.000\nAAAA\n");
    auto tricky = layer_of("WEBVTT\n\n00:00.000 --> 00:03.000\n{b1}AAAA \\N C\n");
    CHECK(tricky.at(1000ms).at(0).picture.size.width > plain.at(1000ms).at(0).picture.size.width + 100);
    CHECK(tricky.at(1000ms).at(0).picture.size.height < plain.at(1000ms).at(0).picture.size.height * 3 / 2);
}

TEST_CASE("Arabic is drawn, with its numbers") {
    auto layer = layer_of("WEBVTT\n\n00:00.000 --> 00:03.000\nاتصلوا بالرقم 33700 الآن\n", "ar");
    CHECK(layer.at(1000ms).at(0).picture.size.width > 300);
}

TEST_CASE("what cannot be read is refused") {
    CHECK(CaptionLayer::open("hello", {stage, 0, "fr"}).error().category == Category::invalid);
}
