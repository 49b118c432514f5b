// Where a QR code leads: the directory's address for a place, by theme and language. Pure. Reentrant.
#pragma once

#include "playlists/model/fleet.hpp"

#include <map>
#include <string>
#include <string_view>

namespace capsule {

// Soliguide's search for help with digital matters, which needs commune and postcode.
inline constexpr std::string_view default_directory = "https://soliguide.fr/fr/search/{commune}-{postcode}/digital_tools_training";

// The template for that theme in that language: "ar/arnaques", else "ar", else "fr/arnaques", else "fr", else default_directory. Of
// "fr-FR" the language is "fr".
std::string_view directory_template(const std::map<std::string, std::string>& templates, std::string_view theme, std::string_view language);

// `text` with its placeholders filled for the site, percent-encoded where needed: {commune} (its name in lower case without accents,
// "asnieres-sur-seine"; outside the known communes the INSEE code), {insee}, {postcode} (the commune's where the site has none), {theme}.
std::string fill_template(std::string_view text, const Site& site, std::string_view theme);

} // namespace capsule
