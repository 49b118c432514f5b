// What the QR code of a card says. Pure. Reentrant.
#pragma once

#include "playlists/model/release.hpp"

#include <string>
#include <string_view>

namespace capsule {

struct QrAddress {
    std::string url;
    std::string domain; // in clear on the card
};

// With a public address: its short link "/Q/<screen><capsule>", scheme and host in capitals (RFC 3986 3.1, 3.2.2: case does not
// count there), so that the code stays in QR's alphanumeric mode; the rest is used as given.
QrAddress short_link(std::string_view public_url, std::string_view screen_code, std::string_view capsule_code);

// Without one: the directory's address for the site's commune, from the programme's template for that language (else French).
QrAddress directory_address(const Programme& programme, const Site& site, const std::string& theme, const std::string& language);

} // namespace capsule
