// Names of languages as files write them. Reentrant.
#pragma once

#include <string>
#include <string_view>

namespace capsule {

// "fre", "fra", "FR", "fr_FR" → "fr", "fr", "fr", "fr-FR" (BCP 47); the three letters of ISO 639-2 for the languages that two letters name.
// Empty: "und", "mis", "zxx", or nothing that could be a language.
std::string language_tag(std::string_view written);

// Whether somebody who asked for `wanted` is served by `has`: the same main language, "fr" and "fr-CA".
bool same_language(std::string_view wanted, std::string_view has);

} // namespace capsule
