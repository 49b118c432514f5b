// The words that people classify with: codes and their French labels, from vocabulaire.json, which is built into the program.
// Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

enum class Vocabulary { theme, axis, barrier, audience, reading, language, place_type };

struct Term {
    std::string code;
    std::string label; // French; for languages the code again
};

// In the file's order; under a barrier's family stand its own codes.
const std::vector<Term>& terms(Vocabulary vocabulary);
bool is_known(Vocabulary vocabulary, std::string_view code);
// The code itself, or the code of that label ("Tous publics" → "tous"); empty when it is neither.
std::optional<std::string> code_of(Vocabulary vocabulary, std::string_view code_or_label);
// The code that somebody who typed `text` may have meant; empty when none is near.
std::optional<std::string> nearest(Vocabulary vocabulary, std::string_view text);
// The label of a code; the code itself when it is not known.
std::string label(Vocabulary vocabulary, std::string_view code);

// What to say of a word that is not known: "not a theme; did you mean \"arnaques\"?".
std::string not_known(Vocabulary vocabulary, std::string_view text);

// The file's bytes, for those who hand it on (the console) or read more of it.
std::string_view vocabulary_text();

} // namespace capsule
