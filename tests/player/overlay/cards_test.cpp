#include "content/drawing/canvas.hpp"
#include "content/drawing/png.hpp"
#include "player/overlay/card_texts.hpp"
#include "player/overlay/cards.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#define ZX_USE_UTF8 1 // text() as std::string in version 1 too
#include <ZXing/ReadBarcode.h>
#include <ZXing/ZXVersion.h>
#include <array>
#include <cmath>
#include <cstdio>

using namespace capsule;

namespace {

const std::string url = "HTTPS://CAPSULE.HAUTS92.FR/Q/7K32P4";

QrCard sample_card(const std::string& language = "fr") {
    QrCard card;
    card.url = url;
    card.domain = "capsule.hauts92.fr";
    card.title = "Reconnaître un message frauduleux";
    card.language = language;
    return card;
}

std::string read_by_zxing(const Picture& picture) {
    std::vector<std::uint8_t> grey(picture.pixels.size());
    for (std::size_t i = 0; i < grey.size(); ++i)
        grey[i] = static_cast<std::uint8_t>(picture.pixels[i] >> 8); // green
    const ZXing::ImageView view(grey.data(), picture.size.width, picture.size.height, ZXing::ImageFormat::Lum);
#if ZXING_VERSION_MAJOR >= 2
    const auto result = ZXing::ReadBarcode(view, ZXing::ReaderOptions().setFormats(ZXing::BarcodeFormat::QRCode));
    return result.text();
#else
    const auto result = ZXing::ReadBarcode(view, ZXing::DecodeHints().setFormats(ZXing::BarcodeFormat::QRCode));
    return result.text();
#endif
}

std::string read_by_zbar(const Picture& picture) {
    TemporaryFolder folder;
    const Path file = folder.path() / "card.png";
    REQUIRE(write_png(picture, file));
    FILE* program = popen(("zbarimg --nodbus --raw -q " + file.string() + " 2>&1").c_str(), "r");
    REQUIRE(program != nullptr);
    std::string said;
    std::array<char, 256> buffer{};
    while (fgets(buffer.data(), buffer.size(), program) != nullptr)
        said += buffer.data();
    pclose(program);
    while (said.ends_with('\n'))
        said.pop_back();
    return said;
}

// Whether pixels of nearly `colour` touch the outermost `margin` of the part from x0 to x1.
bool touches_edge(const Picture& picture, int x0, int x1, int margin) {
    const auto bright = [](std::uint32_t pixel) { return (pixel >> 16 & 255) > 200 && (pixel >> 8 & 255) > 180; };
    for (int y = 0; y < picture.size.height; ++y)
        for (int x = x0; x < x1; ++x) {
            const bool edge = x < x0 + margin || x >= x1 - margin || y < margin || y >= picture.size.height - margin;
            if (edge && bright(picture.row(y)[x]))
                return true;
        }
    return false;
}

} // namespace

TEST_CASE("the QR card is read by two readers, at every size and both ways up") {
    const auto size = GENERATE(Size{1920, 1080}, Size{1280, 720}, Size{1080, 1920}, Size{3840, 2160}, Size{1024, 768}, Size{720, 1280});
    INFO(size.width << "x" << size.height);
    const Picture picture = draw_qr_card(sample_card(), size);
    CHECK(picture.size == size);
    CHECK(read_by_zxing(picture) == url);
    CHECK(read_by_zbar(picture) == url);
}

TEST_CASE("the directory's own address is read too, with more modules") {
    auto card = sample_card();
    card.url = "https://soliguide.fr/fr/search/antony-92160/digital_tools_training";
    CHECK(read_by_zxing(draw_qr_card(card, {1920, 1080})) == card.url);
}

TEST_CASE("the words of the QR card stay within the safe area, in every language and with a long domain") {
    const auto language = GENERATE("fr", "en", "es", "ca", "pt", "ro", "tr", "ru", "uk", "ka", "ar", "fa", "ps", "xx");
    auto card = sample_card(language);
    INFO(language);
    card.domain = "mediation.exemple92.fr";
    card.title = "FranceConnect : un compte que vous avez déjà";
    const Size size{1920, 1080};
    const Picture picture = draw_qr_card(card, size);
    CHECK_FALSE(touches_edge(picture, 0, 1920 - 1080, 36));
}

TEST_CASE("legibility follows the rule: width, distance, modules") {
    auto card = sample_card();
    auto legibility = qr_legibility(card, {1920, 1080});
    REQUIRE(legibility);
    CHECK(legibility->modules == 25);
    CHECK(legibility->needed_mm == Approx(300));
    CHECK(legibility->available_mm == Approx(302).margin(1));
    CHECK(legibility->legible());
    card.distance_mm = 4000;
    CHECK_FALSE(qr_legibility(card, {1920, 1080})->legible());
    card.diagonal_mm = 1400;
    CHECK(qr_legibility(card, {1080, 1920})->legible());
    card.url.clear();
    CHECK_FALSE(qr_legibility(card, {1920, 1080}).ok());
}

TEST_CASE("the code is as wide as the rule asks") {
    const auto card = sample_card();
    const Picture picture = draw_qr_card(card, {1920, 1080});
    int left = 1920, right = 0;
    for (int y = 0; y < 1080; ++y)
        for (int x = 1920 - 1080; x < 1920; ++x)
            if (picture.row(y)[x] == 0xff000000u) {
                left = std::min(left, x);
                right = std::max(right, x + 1);
            }
    const double mm = (right - left) * 813.0 / std::hypot(1920, 1080);
    CHECK(mm >= 300);
    CHECK(left - (1920 - 1080) >= (right - left) * 4 / 25);
    CHECK(1920 - right >= (right - left) * 4 / 25);
}

TEST_CASE("an unknown language is spoken in French") {
    CHECK(card_texts("de").prepare == "Préparez votre téléphone");
    CHECK(card_texts("en-GB").language == "en");
    CHECK(card_texts("").language == "fr");
}

TEST_CASE("a code is legible by the rule on every usual screen, and drawn as wide as the rule asks") {
    struct Wall {
        Size size;
        int diagonal_mm, distance_mm;
    };
    // 32 inches at 3 m, 43 at 4 m, 55 at 5 m, 65 at 6 m; lying and standing, 720p to 4K.
    const auto wall = GENERATE(Wall{{1280, 720}, 813, 3000}, Wall{{1080, 1920}, 813, 3000}, Wall{{1920, 1080}, 1092, 4000},
                               Wall{{2160, 3840}, 1092, 4000}, Wall{{3840, 2160}, 1397, 5000}, Wall{{1080, 1920}, 1651, 6000});
    auto card = sample_card();
    card.diagonal_mm = wall.diagonal_mm;
    card.distance_mm = wall.distance_mm;
    INFO(wall.size.width << "x" << wall.size.height << ", " << wall.diagonal_mm << " mm");
    CHECK(qr_legibility(card, wall.size)->legible());
    const Picture picture = draw_qr_card(card, wall.size);
    int left = wall.size.width, right = 0;
    for (int y = 0; y < wall.size.height; ++y)
        for (int x = 0; x < wall.size.width; ++x)
            if (picture.row(y)[x] == 0xff000000u) {
                left = std::min(left, x);
                right = std::max(right, x + 1);
            }
    const double mm = (right - left) * wall.diagonal_mm / std::hypot(wall.size.width, wall.size.height);
    CHECK(mm >= wall.distance_mm / 10.0 - 1);
}

TEST_CASE("the strip is in the upper right corner, says what it is given, and drops a name that does not fit") {
    for (const auto size : {Size{1920, 1080}, Size{1280, 720}, Size{1080, 1920}, Size{3840, 2160}}) {
        INFO(size.width << "x" << size.height);
        const auto both = draw_strip({"14:05", "Mairie d’Antony"}, size), clock = draw_strip({"14:05", ""}, size);
        for (const auto& placed : {both, clock}) {
            CHECK(placed.x > size.width / 4);
            CHECK(placed.x + placed.picture.size.width <= size.width - 10);
            CHECK(placed.y >= 10);
            CHECK(placed.y + placed.picture.size.height < size.height / 6);
        }
        CHECK(both.picture.size.width > clock.picture.size.width);
        CHECK(draw_strip({"14:05", std::string(200, 'm')}, size).picture.size == clock.picture.size);
    }
    CHECK(draw_strip({}, {1920, 1080}).picture.pixels.empty());
}

TEST_CASE("cards and banner are drawn at any size and with any text") {
    const std::string endless(3000, 'm');
    for (const auto size : {Size{320, 240}, Size{1920, 1080}, Size{1080, 1920}}) {
        CHECK(draw_calm_card({"Bientôt, des informations utiles", "L’écran attend le serveur.", "fs-antony-hall", "fr"}, size).size == size);
        CHECK(draw_calm_card({"", "", "", ""}, size).size == size);
        CHECK(draw_enrolment_card({"7K3P2QFM", "https://ecrans.exemple.fr/console", "Appareil 5f0c9a1e22b47d10"}, size).size == size);
        CHECK(draw_enrolment_card({"", endless, endless}, size).size == size);
        CHECK(draw_notice_card("Fermé lundi.", "fr", size).size == size);
        CHECK(draw_notice_card(endless, "fr", size).size == size);
        const auto banner = draw_banner("Fermé mardi matin. Réouverture à 14 h.", "fr", size);
        CHECK(banner.size.width == size.width);
        CHECK(banner.size.height < size.height / 2);
        CHECK(draw_banner(endless, "fr", size).size.height <= size.height);
    }
    QrCard broken = sample_card();
    broken.url = "";
    CHECK(draw_qr_card(broken, {640, 360}).size.width == 640);
}

TEST_CASE("a longer banner is higher, and its text is inside it") {
    const Size stage{1920, 1080};
    const auto one = draw_banner("Fermé lundi.", "fr", stage);
    const auto two = draw_banner("L’accueil est fermé lundi toute la journée. Merci de revenir mardi à partir de 9 h, ou de téléphoner.", "fr", stage);
    CHECK(two.size.height > one.size.height);
}
