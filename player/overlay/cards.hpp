// The cards that the player draws itself: QR card, fallback, full-page notice; and the banner. Pure functions of their content and
// a size, so that they can be looked at in tests. Reentrant. Never fail: with no font at all they still draw their shapes.
#pragma once

#include "content/base/result.hpp"
#include "content/drawing/picture.hpp"

#include <string>

namespace capsule {

struct QrCard {
    std::string url;       // what the code says: "HTTPS://HOST/Q/7K32P4" or the directory's address
    std::string domain;    // shown in clear
    std::string title;     // the capsule it follows
    std::string language = "fr";
    int diagonal_mm = 813, distance_mm = 3000;
};

// Whether the code can be read at that distance: module size from DESIGN's rule (width = distance / 10 × modules / 25; quiet zone
// of 4 modules; level M) against what fits the card's height. `stage` has the screen's proportions.
struct QrLegibility {
    int modules = 0;          // across, without the quiet zone
    double needed_mm = 0;     // width of the code, without the quiet zone
    double available_mm = 0;
    bool legible() const { return available_mm >= needed_mm; }
};
Result<QrLegibility> qr_legibility(const QrCard& card, Size stage);

Picture draw_qr_card(const QrCard& card, Size stage);

struct CalmCard {
    std::string headline;   // "Bientôt, des informations utiles"
    std::string detail;     // what is awaited, in plain words
    std::string screen_name;// of this screen or device, so that somebody on the phone can say it
    std::string language = "fr";
};
Picture draw_calm_card(const CalmCard& card, Size stage);

// What a machine shows that nobody has told which screen it is. In French: it is for people on site.
struct EnrolmentCard {
    std::string code;    // eight letters and digits; empty: the machine was revoked and gets none
    std::string console; // where somebody types it: an address
    std::string device;  // "appareil 5f0c9a1e22b47d10"
    std::string notice = {}; // a sentence: why the stick that somebody brought does not help; empty: none
    bool operator==(const EnrolmentCard&) const = default;
};
Picture draw_enrolment_card(const EnrolmentCard& card, Size stage);
Picture draw_notice_card(const std::string& text, const std::string& language, Size stage);
// What stands in the upper right corner all day long, where people have asked for it. The time's figures are a two-hundredth of the distance
// high, the name's capitals too unless it is long.
struct Strip {
    std::string time;  // "14:05"; empty: none
    std::string place; // the site's name; empty: none
    int diagonal_mm = 813, distance_mm = 3000;
    bool operator==(const Strip&) const = default;
};
// In its place; an empty picture when there is nothing to say.
PlacedPicture draw_strip(const Strip& strip, Size stage);
// A band for the bottom of the stage: full width, as high as its text needs.
Picture draw_banner(const std::string& text, const std::string& language, Size stage);

} // namespace capsule
