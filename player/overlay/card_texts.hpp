// What the cards say, by language. Reentrant.
#pragma once

#include <string>
#include <string_view>

namespace capsule {

struct CardTexts {
    std::string_view language;
    std::string_view prepare;   // the QR card's headline
    std::string_view promise;   // what one gets behind the code
    std::string_view leads_to;  // before the domain
    std::string_view no_phone, ask_here;
    std::string_view screen;    // before the screen's name
};

// The texts in `language` ("en", "en-GB"); French for a language that there is none for.
const CardTexts& card_texts(std::string_view language);

} // namespace capsule
