#include "content/drawing/canvas.hpp"
#include "content/drawing/pictogram.hpp"
#include "content/drawing/png.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <algorithm>
#include <fstream>

using namespace capsule;

namespace {

// The box of all pixels that are not `background`.
Box inked(const Picture& picture, std::uint32_t background) {
    int left = picture.size.width, top = picture.size.height, right = 0, bottom = 0;
    for (int y = 0; y < picture.size.height; ++y)
        for (int x = 0; x < picture.size.width; ++x)
            if (picture.row(y)[x] != background) {
                left = std::min(left, x);
                right = std::max(right, x + 1);
                top = std::min(top, y);
                bottom = std::max(bottom, y + 1);
            }
    return {static_cast<double>(left), static_cast<double>(top), static_cast<double>(right - left), static_cast<double>(bottom - top)};
}

TextStyle style_of(double size) {
    TextStyle style;
    style.size = size;
    style.weight = Weight::bold;
    return style;
}

} // namespace

TEST_CASE("French signs keep the word before them on their line") {
    CHECK(with_no_break_spaces("Besoin d’aide ?", "fr") == "Besoin d’aide\u202f?");
    CHECK(with_no_break_spaces("« oui » : non ; si !", "fr-FR") == "«\u00a0oui\u00a0»\u00a0: non\u202f; si\u202f!");
    CHECK(with_no_break_spaces("Réouverture à 14 h, 7 mots", "fr") == "Réouverture à 14\u00a0h, 7\u00a0mots");
    CHECK(with_no_break_spaces("Help ?", "en") == "Help ?");
    // However narrow the box, no line is a lone sign.
    for (double width = 200; width < 900; width += 50)
        for (const auto& line : lay_out("Besoin d’aide ? Oui !", width, 2000, style_of(80)).lines)
            CHECK(line.size() > 3);
}

TEST_CASE("a text shrinks until it fits its box, and says when it cannot") {
    const std::string text = "Il existe des ordinateurs remis en état, à petit prix.";
    const auto block = lay_out(text, 600, 300, style_of(120));
    CHECK(block.fits);
    CHECK(block.style.size < 120);
    CHECK(block.style.size >= 60);
    CHECK(block.width <= 600.5);
    CHECK(block.height <= 300.5);
    CHECK_FALSE(lay_out(text, 100, 60, style_of(120)).fits);
    CHECK(lay_out(text, 100, 60, style_of(120)).lines.size() > 1);
    CHECK(lay_out("", 100, 60, style_of(120)).lines.empty());
}

TEST_CASE("lines are balanced and end where a reader pauses") {
    auto style = style_of(100);
    const auto lines = lay_out("Vous doutez ? Ne cliquez pas. Ne payez pas.", 1100, 700, style).lines;
    REQUIRE(lines.size() == 3);
    CHECK(lines[1] == "Ne cliquez pas.");
    for (const auto& line : lay_out("Besoin d’aide ? Parlez-en à un conseiller numérique.", 1100, 700, style).lines) {
        CHECK_FALSE(line.ends_with(" à"));
        CHECK_FALSE(line.ends_with(" un"));
    }
}

TEST_CASE("a written line end is kept") {
    const auto lines = lay_out("Pas de téléphone ?\nDemandez.", 2000, 400, style_of(60)).lines;
    REQUIRE(lines.size() == 2);
    CHECK(lines[1] == "Demandez.");
}

TEST_CASE("what is measured is what is drawn") {
    const Box box{100, 100, 800, 500};
    Canvas canvas(Size{1000, 700}, white);
    const auto taken = canvas.text("Choisissez un compte que vous avez déjà.", box, style_of(96), black);
    const auto ink = inked(canvas.copy(), 0xffffffffu);
    CHECK(ink.x >= box.x - 2);
    CHECK(ink.right() <= box.right() + 2);
    CHECK(ink.right() <= taken.right() + 4);
    CHECK(ink.right() >= taken.right() - 20);
    CHECK(ink.bottom() <= box.bottom());
}

TEST_CASE("right-to-left text stands at the right") {
    Canvas canvas(Size{1000, 200}, white);
    auto style = style_of(60);
    style.language = "ar";
    const auto block = lay_out("اسألوا في الاستقبال 12.", 900, 150, style);
    CHECK(block.right_to_left);
    canvas.text(block, {50, 20, 900, 150}, black);
    const auto ink = inked(canvas.copy(), 0xffffffffu);
    CHECK(ink.right() > 900);
    CHECK(ink.x > 2 * (1000 - ink.right()));
}

TEST_CASE("malformed UTF-8 is drawn, not feared") {
    Canvas canvas(Size{400, 100}, white);
    canvas.text("abc\xff\xfe def", {0, 0, 400, 100}, style_of(40), black);
    CHECK(inked(canvas.copy(), 0xffffffffu).width > 50);
}

TEST_CASE("contrast is WCAG's") {
    CHECK(contrast(black, white) == Approx(21).margin(0.01));
    CHECK(contrast(white, white) == Approx(1));
    CHECK(contrast(Colour::rgb(0x767676), white) == Approx(4.54).margin(0.01));
}

TEST_CASE("every pictogram stays within its box and shows two tones") {
    for (const auto& [name, pictogram] : all_pictograms()) {
        INFO(name);
        CHECK(pictogram_named(name) == pictogram);
        Canvas canvas(Size{300, 300}, Colour::rgb(0x103c4a));
        draw_pictogram(canvas, pictogram, {50, 50, 200, 200}, {white, Colour::rgb(0xffcb69), Colour::rgb(0x103c4a)});
        const auto ink = inked(canvas.copy(), 0xff103c4au);
        CHECK(ink.x >= 46);
        CHECK(ink.y >= 46);
        CHECK(ink.right() <= 254);
        CHECK(ink.bottom() <= 254);
        CHECK(std::max(ink.width, ink.height) > 120);
    }
    CHECK_FALSE(pictogram_named("logo").has_value());
}

TEST_CASE("a PNG comes back as it was written, and what is no PNG is refused") {
    TemporaryFolder folder;
    Canvas canvas(Size{64, 32}, Colour::rgb(0x123456));
    canvas.circle(20, 16, 10).fill(Colour::rgb(0xffcb69));
    const Picture picture = canvas.copy();
    REQUIRE(write_png(picture, folder.path() / "a.png"));
    const auto back = read_png(folder.path() / "a.png");
    REQUIRE(back);
    CHECK(back->size == picture.size);
    CHECK(back->pixels == picture.pixels);
    std::ofstream(folder.path() / "b.png") << "not a picture";
    CHECK(read_png(folder.path() / "b.png").error().category == Category::invalid);
    CHECK(read_png(folder.path() / "c.png").error().category == Category::missing);
    CHECK_FALSE(write_png(picture, folder.path() / "none" / "a.png").ok());
}
