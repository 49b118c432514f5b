// The calm still between capsules: where one is, what time it is, until when it is open. A pure function of its content and a size.
// Reentrant. Never fails.
#pragma once

#include "content/drawing/picture.hpp"

#include <string>

namespace capsule {

struct SiteCard {
    std::string name;    // of the site
    std::string time;    // "10:42"; empty: not known, then neither are the next three
    std::string date;    // "mardi 24 novembre"
    std::string opening; // "Ouvert jusqu’à 17 h 30"; empty: not known
    std::string hours;   // of today: "9 h – 12 h et 14 h – 17 h 30"; empty: not known
    bool operator==(const SiteCard&) const = default;
};
Picture draw_site_card(const SiteCard& card, Size stage);

} // namespace capsule
