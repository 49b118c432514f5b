// The national scheme of places of médiation numérique (lamednum 1.0.2): its columns, the words of those that are used here, and
// the names that older files give them. For this folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::scheme {

const std::vector<std::string>& columns();

// The scheme's name of a column that older files call otherwise ("conditions_access" → "frais_a_charge"); empty for any other.
std::optional<std::string> renamed(std::string_view column);

// A list in the scheme's own words with | between, where the column has a fixed vocabulary: capitals, accents and the separators and
// abbreviations of older files ("CNFS, France services") are brought to it. `unknown`: words that are none of it, kept as they stand.
struct Words {
    std::string list;
    std::vector<std::string> unknown;
};
Words in_its_words(std::string_view column, const std::string& text);

// Empty: as the scheme asks, or a column about which nothing is asked here. Otherwise what is expected.
std::optional<std::string> complaint(std::string_view column, const std::string& text);

} // namespace capsule::scheme
