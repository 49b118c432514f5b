// The card of places that help nearby. A pure function of its content and a size. Reentrant. Never fails.
#pragma once

#include "content/drawing/picture.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace capsule {

struct NearbyCard {
    struct Entry {
        std::string name, distance;     // distance: "350 m"
        std::string opening;            // "Ouvert jusqu’à 17 h 30"; empty: not known
        bool open = false;              // now
        std::string address, telephone; // as they are shown; empty: not known
        std::vector<std::string> notes; // "Sans rendez-vous", "Gratuit", "Aidants Connect"
        bool operator==(const Entry&) const = default;
    };
    std::vector<Entry> places; // nearest first
    std::string source;        // whose data, of when
    int diagonal_mm = 813, distance_mm = 3000;
    bool operator==(const NearbyCard&) const = default;
};

// As many of the places, up to four, as can be read at the screen's distance: name, distance and hours in capitals a two-hundredth of it
// high, address, telephone and notes 15 % smaller; one at least. Small print (the source) is smaller still. What is too long ends with an
// ellipsis.
Picture draw_nearby_card(const NearbyCard& card, Size stage);
// How many of them that are.
std::size_t places_that_fit(const NearbyCard& card, Size stage);

} // namespace capsule
