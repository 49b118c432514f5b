#include "player/overlay/card_texts.hpp"

#include <array>

namespace capsule {

const CardTexts& card_texts(std::string_view language) {
    static constexpr std::array<CardTexts, 4> texts{{
        {"fr", "Préparez votre téléphone", "Scannez ce code pour voir les lieux d’aide près d’ici.", "Vous irez sur le site :",
         "Pas de téléphone ?", "Demandez à l’accueil.", "Écran :"},
        {"en", "Get your phone ready", "Scan this code to see where you can get help nearby.", "It opens this website:",
         "No phone?", "Ask at the front desk.", "Screen:"},
        {"es", "Prepare su teléfono", "Escanee este código para ver los lugares de ayuda cerca de aquí.", "Le lleva al sitio:",
         "¿No tiene teléfono?", "Pregunte en recepción.", "Pantalla:"},
        {"ar", "جهّزوا هاتفكم", "امسحوا هذا الرمز لرؤية أماكن المساعدة القريبة من هنا.", "يفتح هذا الموقع:",
         "ليس لديكم هاتف؟", "اسألوا في الاستقبال.", "الشاشة:"},
    }};
    const auto main = language.substr(0, language.find('-'));
    for (const auto& entry : texts)
        if (entry.language == main)
            return entry;
    return texts.front();
}

} // namespace capsule
