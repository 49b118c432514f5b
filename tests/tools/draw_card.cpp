// draw_card KIND WIDTHxHEIGHT FILE.png [TEXT…]: one of the player's cards as a picture.
//   qr URL DOMAIN TITLE [LANGUAGE] · calm HEADLINE DETAIL SCREEN · notice TEXT [LANGUAGE] · banner TEXT [LANGUAGE] · strip TIME PLACE · pictograms
#include "content/drawing/pictogram.hpp"
#include "content/drawing/png.hpp"
#include "player/overlay/cards.hpp"

#include <cstdio>
#include <string>

using namespace capsule;

namespace {

Picture draw_pictograms(Size size) {
    const Colour ground = Colour::rgb(0x1d5566);
    Canvas canvas(size, Colour::rgb(0x12414f));
    const double cell = size.width / 8.0;
    int i = 0;
    for (const auto& [name, pictogram] : all_pictograms()) {
        const Box box{cell * (i % 8), cell * (i / 8), cell, cell}; // NOLINT: whole cells
        canvas.circle(box.x + cell / 2, box.y + cell * 0.45, cell * 0.40).fill(ground);
        draw_pictogram(canvas, pictogram, {box.x + cell * 0.26, box.y + cell * 0.21, cell * 0.48, cell * 0.48},
                       {white, Colour::rgb(0xffcb69), ground});
        TextStyle style;
        style.size = cell * 0.075;
        style.align = Align::centre;
        canvas.text(name, {box.x, box.y + cell * 0.88, cell, cell * 0.1}, style, white);
        ++i;
    }
    return canvas.copy();
}

} // namespace

int main(int count, char** words) {
    const auto word = [&](int i, const char* otherwise) { return std::string(i < count ? words[i] : otherwise); };
    Size size;
    if (count < 4 || std::sscanf(words[2], "%dx%d", &size.width, &size.height) != 2 || size.width < 64 || size.height < 64) {
        std::fprintf(stderr, "usage: draw_card qr|calm|notice|banner|strip|pictograms WIDTHxHEIGHT FILE.png [TEXT…]\n");
        return 2;
    }
    const std::string kind = words[1];
    Picture picture;
    if (kind == "qr") {
        QrCard card;
        card.url = word(4, "HTTPS://EXEMPLE.FR/Q/7K32P4");
        card.domain = word(5, "exemple.fr");
        card.title = word(6, "Un mot de passe solide");
        card.language = word(7, "fr");
        picture = draw_qr_card(card, size);
        if (const auto legibility = qr_legibility(card, size))
            std::printf("modules %d, needs %.0f mm, has %.0f mm\n", legibility->modules, legibility->needed_mm, legibility->available_mm);
    } else if (kind == "calm") {
        picture = draw_calm_card({word(4, "Bientôt, des informations utiles"), word(5, "L’écran attend ses premiers contenus."),
                                  word(6, "fs-antony-hall"), "fr"}, size);
    } else if (kind == "enrolment") {
        picture = draw_enrolment_card({word(4, "7K3P2QFM"), word(5, "https://ecrans.exemple.fr/console"), "Appareil 5f0c9a1e22b47d10"}, size);
    } else if (kind == "notice") {
        picture = draw_notice_card(word(4, "Fermé mardi matin."), word(5, "fr"), size);
    } else if (kind == "banner") {
        picture = draw_banner(word(4, "Fermé mardi matin. Réouverture à 14 h."), word(5, "fr"), size);
    } else if (kind == "strip") {
        const PlacedPicture strip = draw_strip({word(4, "14:05"), word(5, "France services Antony")}, size);
        Canvas canvas(size, Colour::rgb(0x8fa3a8));
        canvas.picture(strip.picture, strip.x, strip.y);
        picture = canvas.copy();
    } else {
        picture = draw_pictograms(size);
    }
    if (const auto written = write_png(picture, words[3]); !written) {
        std::fprintf(stderr, "%s\n", written.error().message.c_str());
        return 1;
    }
    return 0;
}
