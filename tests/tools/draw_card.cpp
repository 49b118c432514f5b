// draw_card KIND WIDTHxHEIGHT FILE.png [TEXT…]: one of the player's cards as a picture.
//   qr URL DOMAIN TITLE [LANGUAGE] · calm HEADLINE DETAIL SCREEN · notice TEXT [LANGUAGE] · banner TEXT [LANGUAGE] · strip TIME PLACE · nearby DIAGONAL_MM DISTANCE_MM
//   site NAME TIME DATE OPENING HOURS · pictograms
#include "content/drawing/pictogram.hpp"
#include "content/drawing/png.hpp"
#include "player/overlay/cards.hpp"
#include "player/overlay/nearby_card.hpp"
#include "player/overlay/site_card.hpp"

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
        std::fprintf(stderr, "usage: draw_card qr|calm|notice|banner|nearby|site|strip|pictograms WIDTHxHEIGHT FILE.png [TEXT…]\n");
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
    } else if (kind == "nearby") {
        NearbyCard card;
        card.places = {{"France services Antony (démonstration)", "350 m", "Ouvert jusqu’à 17 h 30", true, "4 place des Tilleuls, Antony", "01 99 00 12 34",
                        {"Sans rendez-vous", "Gratuit"}},
                       {"Médiathèque des Tilleuls", "1,2 km", "Ouvre à 14 h, jusqu’à 19 h", false, "20 rue du Parc, Antony", "01 99 00 12 35",
                        {"Avec ou sans rendez-vous", "Gratuit", "Aidants Connect"}},
                       {"Centre communal d’action sociale et point d’accès au droit de la ville de Châtenay-Malabry", "2,4 km", "Fermé, ouvre demain à 8 h 30",
                        false, "26 rue du Docteur-Le-Savoureux, Châtenay-Malabry", "", {"Sur rendez-vous", "Gratuit sous condition"}},
                       {"Espace numérique", "3,1 km", "", false, "1 rue A, Sceaux", "01 99 00 12 36", {}}};
        card.source = "Source : annuaire. Confirmé entre le 3 mars et le 12 octobre 2026. Distances à vol d’oiseau.";
        card.diagonal_mm = std::stoi(word(4, "813"));
        card.distance_mm = std::stoi(word(5, "3000"));
        std::printf("%zu places\n", places_that_fit(card, size));
        picture = draw_nearby_card(card, size);
    } else if (kind == "site") {
        picture = draw_site_card({word(4, "France services Antony"), word(5, "10:42"), word(6, "mardi 24 novembre"), word(7, "Ouvert jusqu’à 12 h"),
                                  word(8, "9 h – 12 h et 14 h – 17 h 30")}, size);
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
