#include "player/overlay/card_texts.hpp"

#include <array>

namespace capsule {

const CardTexts& card_texts(std::string_view language) {
    static constexpr std::array<CardTexts, 13> texts{{
        {"fr", "Préparez votre téléphone", "Scannez ce code pour voir les lieux d’aide près d’ici.", "Vous irez sur le site :",
         "Pas de téléphone ?", "Demandez à l’accueil.", "Écran :"},
        {"en", "Get your phone ready", "Scan this code to see where you can get help nearby.", "It opens this website:",
         "No phone?", "Ask at the front desk.", "Screen:"},
        {"es", "Prepare su teléfono", "Escanee este código para ver los lugares de ayuda cerca de aquí.", "Le lleva al sitio:",
         "¿No tiene teléfono?", "Pregunte en recepción.", "Pantalla:"},
        {"ca", "Prepareu el telèfon", "Escanegeu aquest codi per veure els llocs d’ajuda a prop d’aquí.", "Us porta al web:",
         "No teniu telèfon?", "Pregunteu a recepció.", "Pantalla:"},
        {"pt", "Prepare o seu telemóvel", "Leia este código para ver os locais de ajuda perto daqui.", "Abre o site:",
         "Não tem telemóvel?", "Pergunte na receção.", "Ecrã:"},
        {"ro", "Pregătiți telefonul", "Scanați acest cod pentru a vedea unde primiți ajutor în apropiere.", "Se deschide site-ul:",
         "Nu aveți telefon?", "Întrebați la recepție.", "Ecran:"},
        {"tr", "Telefonunuzu hazırlayın", "Yakındaki yardım yerlerini görmek için bu kodu okutun.", "Açılacak site:",
         "Telefonunuz yok mu?", "Danışmaya sorun.", "Ekran:"},
        {"ru", "Приготовьте телефон", "Отсканируйте код, чтобы узнать, где получить помощь рядом.", "Откроется сайт:",
         "Нет телефона?", "Спросите на ресепшене.", "Экран:"},
        {"uk", "Приготуйте телефон", "Відскануйте код, щоб дізнатися, де отримати допомогу поруч.", "Відкриється сайт:",
         "Немає телефону?", "Запитайте на рецепції.", "Екран:"},
        {"ka", "მოამზადეთ ტელეფონი", "დაასკანერეთ კოდი და ნახეთ, სად მიიღებთ დახმარებას ახლოს.", "გაიხსნება საიტი:",
         "არ გაქვთ ტელეფონი?", "იკითხეთ მისაღებში.", "ეკრანი:"},
        {"ar", "جهّزوا هاتفكم", "امسحوا هذا الرمز لرؤية أماكن المساعدة القريبة من هنا.", "يفتح هذا الموقع:",
         "ليس لديكم هاتف؟", "اسألوا في الاستقبال.", "الشاشة:"},
        {"fa", "تلفن خود را آماده کنید", "برای دیدن مراکز کمک در این نزدیکی، این کد را اسکن کنید.", "این سایت باز می‌شود:",
         "تلفن ندارید؟", "از پذیرش بپرسید.", "صفحه:"},
        {"ps", "خپل تلیفون چمتو کړئ", "دا کوډ سکن کړئ چې نږدې د مرستې ځایونه وګورئ.", "دا سایټ به پرانیستل شي:",
         "تلیفون نه لرئ؟", "له استقبالیې وپوښتئ.", "سکرین:"},
    }};
    const auto main = language.substr(0, language.find('-'));
    for (const auto& entry : texts)
        if (entry.language == main)
            return entry;
    return texts.front();
}

} // namespace capsule
