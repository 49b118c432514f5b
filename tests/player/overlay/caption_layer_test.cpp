#include "player/overlay/caption_layer.hpp"
#include "player/overlay/caption_text.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <cmath>

using namespace capsule;
using namespace std::chrono_literals;

namespace {

const Size stage{1920, 1080};

CaptionLayer layer_of(const std::string& text, const std::string& language = "fr") {
    auto layer = CaptionLayer::open(text, {stage, 813, 3000, language});
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

int rows_with_white(const Picture& picture) {
    int count = 0;
    for (int y = 0; y < picture.size.height; ++y)
        count += std::any_of(picture.row(y), picture.row(y) + picture.size.width, [](std::uint32_t pixel) { return (pixel & 255) > 128; });
    return count;
}

// The part of a caption that its letters take.
Picture ink_of(const Picture& picture) {
    int left = picture.size.width, right = 0, top = picture.size.height, bottom = 0;
    for (int y = 0; y < picture.size.height; ++y)
        for (int x = 0; x < picture.size.width; ++x)
            if ((picture.row(y)[x] & 255) > 128) {
                left = std::min(left, x);
                right = std::max(right, x + 1);
                top = std::min(top, y);
                bottom = std::max(bottom, y + 1);
            }
    Picture ink(Size{right - left, bottom - top});
    for (int y = 0; y < ink.size.height; ++y)
        std::copy_n(picture.row(top + y) + left, ink.size.width, ink.row(y));
    return ink;
}

// Where `small` fits best in `large`, and how unlike it is there, per pixel.
struct Found {
    int x = 0;
    double unlike = 1e9;
};

Found find(const Picture& small, const Picture& large) {
    Found best;
    for (int y = 0; y + small.size.height <= large.size.height; ++y)
        for (int x = 0; x + small.size.width <= large.size.width; ++x) {
            double sum = 0;
            for (int row = 0; row < small.size.height && sum / (small.size.width * small.size.height) < best.unlike; row += 2)
                for (int column = 0; column < small.size.width; column += 2)
                    sum += std::abs(static_cast<int>(small.row(row)[column] & 255) - static_cast<int>(large.row(y + row)[x + column] & 255));
            if (sum / (small.size.width * small.size.height) < best.unlike)
                best = {x, sum / (small.size.width * small.size.height)};
        }
    return best;
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

TEST_CASE("small letters are a two-hundredth of the distance high, on any screen") {
    const auto screen = GENERATE(Size{1280, 720}, Size{1920, 1080}, Size{3840, 2160}, Size{1080, 1920}, Size{720, 1280}, Size{2160, 3840});
    const int distance = GENERATE(2500, 3000, 4000);
    INFO(screen.width << "x" << screen.height << " at " << distance << " mm");
    auto layer = CaptionLayer::open("WEBVTT\n\n00:00.000 --> 00:03.000\nxxxx\n", {screen, 813, distance, "fr"});
    REQUIRE(layer);
    CHECK(layer->size().legible);
    const auto& placed = layer->at(1000ms).at(0);
    const double pixels_per_mm = std::hypot(screen.width, screen.height) / 813.0;
    CHECK(rows_with_white(placed.picture) >= std::floor(distance / 200.0 * pixels_per_mm) - 1);
    CHECK(placed.y + placed.picture.size.height <= screen.height);
}

TEST_CASE("a screen that is too small for the distance says so, and still shows captions") {
    const auto size = caption_size({1920, 1080}, 400, 8000);
    CHECK_FALSE(size.legible);
    CHECK(size.em == Approx(120));
    CHECK(caption_size({1920, 1080}, 0, 0).em > 0);
    CHECK(caption_size({1920, 1080}, 1400, 1000).em == Approx(54)); // never tiny, however near
}

TEST_CASE("what does not fit two legible lines is shown in parts, and no word is lost") {
    const std::string words = "Une phrase vraiment très longue, comme on en trouve dans les vidéos dont personne n’a relu les sous-titres, et qui ne "
                              "tiendrait jamais sur deux lignes à la taille habituelle, quelle qu’elle soit.";
    const auto size = caption_size(stage, 813, 3000);
    const auto parts = parts_of({1000ms, 9000ms, words, false}, size, 1651, "fr");
    REQUIRE(parts.size() >= 2);
    std::string all;
    Milliseconds before = 1000ms;
    for (const auto& part : parts) {
        CHECK(part.start == before);
        CHECK(part.end > part.start + 1s);
        before = part.end;
        CHECK(part.lines.size() <= 2);
        CHECK(part.em >= size.least_em);
        for (const auto& line : part.lines)
            all += (all.empty() ? "" : " ") + line;
    }
    CHECK(before == 9000ms);
    CHECK(all == words);
}

TEST_CASE("a word wider than the screen is smaller, not cut") {
    auto layer = CaptionLayer::open("WEBVTT\n\n00:00.000 --> 00:03.000\nRindfleischetikettierungsüberwachungsaufgaben\n", {{720, 1280}, 813, 4000, "de"});
    REQUIRE(layer);
    const auto& placed = layer->at(1000ms).at(0);
    CHECK(placed.x > 5);
    CHECK(placed.x + placed.picture.size.width < 715);
}

TEST_CASE("captions stay above a banner, and come down again") {
    auto layer = layer_of("WEBVTT\n\n00:00.000 --> 00:03.000\nBonjour\n");
    const int usual = layer.at(1000ms).at(0).y;
    const auto serial = layer.at(1000ms).at(0).serial;
    const auto& moved = layer.at(1000ms, 850).at(0);
    CHECK(moved.y + moved.picture.size.height == 850);
    CHECK(moved.serial == serial); // moved, not drawn anew
    CHECK(layer.at(1000ms).at(0).y == usual);
}

TEST_CASE("Arabic runs from the right, with its numbers and Latin words in their order") {
    const auto size = GENERATE(Size{1920, 1080}, Size{1080, 1920});
    const auto picture = [&](const std::string& words, const std::string& language) {
        auto layer = CaptionLayer::open("WEBVTT\n\n00:00.000 --> 00:03.000\n" + words + "\n", {size, 813, 3000, language});
        REQUIRE(layer);
        const auto& shown = layer->at(1000ms);
        REQUIRE(shown.size() == 1);
        CHECK(shown[0].x > 10);
        CHECK(shown[0].x + shown[0].picture.size.width < size.width - 10);
        return shown[0].picture;
    };
    const Picture number = ink_of(picture("12", "fr")), reversed = ink_of(picture("21", "fr")), latin = ink_of(picture("CAF", "fr"));
    const Picture sentence = picture("اتصلوا 12 من CAF", "ar");
    const Found right = find(number, sentence), wrong = find(reversed, sentence), name = find(latin, sentence);
    CHECK(right.unlike < wrong.unlike * 0.6);
    // The last word stands on the left, the number nearer to the right.
    CHECK(name.x < sentence.size.width / 4);
    CHECK(right.x > name.x + latin.size.width);
    // A line that begins with a Latin word runs from the right, too, when the cue does.
    const Picture two = picture("الآن\nCAF هنا", "ar");
    CHECK(find(latin, two).x + latin.size.width / 2 > two.size.width / 2);
}

TEST_CASE("what cannot be read is refused") {
    CHECK(CaptionLayer::open("hello", {stage, 813, 3000, "fr"}).error().category == Category::invalid);
}
