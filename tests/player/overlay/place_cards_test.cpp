#include "player/overlay/nearby_card.hpp"
#include "player/overlay/site_card.hpp"
#include "tests/catch.hpp"

using namespace capsule;

namespace {

NearbyCard::Entry place(std::string name, bool open = true) {
    return {std::move(name), "350 m", open ? "Ouvert jusqu’à 17 h 30" : "Fermé, ouvre demain à 9 h", open, "12 rue de Paris, Antony", "01 99 00 12 34",
            {"Sans rendez-vous", "Gratuit", "Aidants Connect"}};
}

NearbyCard card_of(std::size_t count) {
    NearbyCard card;
    for (std::size_t i = 0; i < count; ++i)
        card.places.push_back(place("France services Antony", i % 2 == 0));
    card.source = "Source : annuaire, confirmé le 3 novembre 2026. Distances à vol d’oiseau.";
    return card;
}

// Whether pixels as bright as the text come within `margin` of the edge.
bool touches_edge(const Picture& picture, int margin) {
    for (int y = 0; y < picture.size.height; ++y)
        for (int x = 0; x < picture.size.width; ++x) {
            const bool edge = x < margin || x >= picture.size.width - margin || y < margin || y >= picture.size.height - margin;
            const std::uint32_t pixel = picture.row(y)[x];
            if (edge && (pixel >> 16 & 255) > 190 && (pixel >> 8 & 255) > 180)
                return true;
        }
    return false;
}

} // namespace

TEST_CASE("three places are legible at three metres on 32 inches, and a name of any length stays within the card") {
    const auto size = GENERATE(Size{1280, 720}, Size{1920, 1080}, Size{3840, 2160}, Size{1080, 1920}, Size{2160, 3840});
    INFO(size.width << "x" << size.height);
    NearbyCard card = card_of(6);
    CHECK(places_that_fit(card, size) >= 3);
    CHECK(places_that_fit(card, size) <= 4);
    for (auto& entry : card.places) {
        entry.name = "Centre communal d’action sociale, point d’accès au droit et maison du numérique de la ville de Châtenay-Malabry";
        entry.address = "Résidence du Docteur-Le-Savoureux, 26 bis avenue de la Division-Leclerc, Châtenay-Malabry";
        entry.notes = {"Avec ou sans rendez-vous", "Gratuit sous condition", "Aidants Connect", "Lieu itinérant"};
    }
    CHECK(places_that_fit(card, size) >= 1);
    const Picture picture = draw_nearby_card(card, size);
    CHECK(picture.size == size);
    CHECK_FALSE(touches_edge(picture, std::min(size.width, size.height) / 60));
}

TEST_CASE("a farther reader gets fewer places, and one at least") {
    NearbyCard card = card_of(4);
    const Size size{1920, 1080};
    card.distance_mm = 1500;
    CHECK(places_that_fit(card, size) == 4);
    card.distance_mm = 8000;
    CHECK(places_that_fit(card, size) >= 1);
    CHECK(places_that_fit(card, size) < 4);
    CHECK(places_that_fit(card_of(0), size) == 0);
    CHECK(draw_nearby_card(card_of(0), size).size == size);
}

TEST_CASE("what is not known of a place takes no room") {
    NearbyCard card = card_of(1);
    const Picture whole = draw_nearby_card(card, {1920, 1080});
    card.places[0].opening.clear();
    card.places[0].telephone.clear();
    card.places[0].notes.clear();
    CHECK(draw_nearby_card(card, {1920, 1080}).pixels != whole.pixels);
}

TEST_CASE("the calm still keeps its words within the stage, with all of them and with the name alone") {
    const auto size = GENERATE(Size{1280, 720}, Size{1920, 1080}, Size{1080, 1920}, Size{3840, 2160});
    INFO(size.width << "x" << size.height);
    const SiteCard all{"Centre communal d’action sociale et point d’accès au droit de Châtenay-Malabry", "10:42", "mercredi 24 septembre",
                       "Fermé, ouvre vendredi à 13 h 30", "8 h 30 – 12 h 15, 13 h 30 – 17 h 45 et 18 h – 20 h"};
    const SiteCard alone{"France services Antony", {}, {}, {}, {}};
    for (const SiteCard& card : {all, alone}) {
        const Picture picture = draw_site_card(card, size);
        CHECK(picture.size == size);
        CHECK_FALSE(touches_edge(picture, std::min(size.width, size.height) / 40));
    }
    CHECK(draw_site_card(all, size).pixels != draw_site_card(alone, size).pixels);
}
