#include "playlists/places/scheme.hpp"

#include "content/base/identifier.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace capsule::scheme {

namespace {

// Those that screens and the QR code use; what other columns say is kept as it stands.
const std::vector<std::string>& words_of(std::string_view column) {
    static const std::vector<std::string> none,
        fees{"Gratuit", "Gratuit sous condition", "Payant"},
        access{"Se présenter",
               "Téléphoner",
               "Contacter par mail",
               "Prendre un RDV en ligne",
               "Ce lieu n'accueille pas de public",
               "Envoyer un mail avec une fiche de prescription"},
        moving{"Itinérant", "Fixe"},
        programmes{"Aidants Connect",
                   "Bibliothèques numérique de référence",
                   "Certification PIX",
                   "Conseillers numériques",
                   "Emmaüs Connect",
                   "France Services",
                   "Grande école du numérique",
                   "La Croix Rouge",
                   "Point d'accès numérique CAF",
                   "Promeneurs du net",
                   "Relais numérique (Emmaüs Connect)"};
    if (column == "frais_a_charge")
        return fees;
    if (column == "modalites_acces")
        return access;
    if (column == "itinerance")
        return moving;
    return column == "dispositif_programmes_nationaux" ? programmes : none;
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(separator, at), text.size());
        std::string part = text.substr(at, end - at);
        part.erase(0, part.find_first_not_of(' '));
        part.erase(part.find_last_not_of(' ') + 1);
        if (!part.empty())
            parts.push_back(std::move(part));
        at = end + 1;
    }
    return parts;
}

bool digits(std::string_view text, std::size_t least, std::size_t most) {
    return text.size() >= least && text.size() <= most && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_insee(std::string_view text) {
    return text.size() == 5 && digits(text.substr(2), 3, 3) && (digits(text.substr(0, 2), 2, 2) || text.starts_with("2A") || text.starts_with("2B"));
}

} // namespace

const std::vector<std::string>& columns() {
    static const std::vector<std::string> all{
        "id", "pivot", "nom", "commune", "code_postal", "code_insee", "adresse", "complement_adresse", "latitude", "longitude",
        "typologie", "telephone", "courriels", "site_web", "horaires", "presentation_resume", "presentation_detail", "source",
        "itinerance", "structure_parente", "date_maj", "services", "publics_specifiquement_adresses", "prise_en_charge_specifique",
        "frais_a_charge", "dispositif_programmes_nationaux", "formations_labels", "autres_formations_labels", "modalites_acces",
        "modalites_accompagnement", "fiche_acces_libre", "prise_rdv"};
    return all;
}

std::optional<std::string> renamed(std::string_view column) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> names{{
        {"conditions_access", "frais_a_charge"},
        {"conditions_acces", "frais_a_charge"},
        {"labels_nationaux", "dispositif_programmes_nationaux"},
        {"labels_autres", "autres_formations_labels"},
        {"modalites_access", "modalites_acces"},
        {"publics_accueillis", "publics_specifiquement_adresses"},
        {"accessibilite", "fiche_acces_libre"},
        {"courriel", "courriels"},
        {"structure_porteuse", "structure_parente"},
    }};
    for (const auto& [old, now] : names)
        if (old == column)
            return std::string(now);
    return std::nullopt;
}

Words in_its_words(std::string_view column, const std::string& text) {
    const auto& words = words_of(column);
    if (words.empty())
        return {text, {}};
    Words read;
    for (const std::string& given : split(text, text.find('|') == std::string::npos ? ',' : '|')) {
        const std::string plain = suggest_identifier(given);
        const auto known = std::find_if(words.begin(), words.end(), [&](const std::string& word) {
            return suggest_identifier(word) == plain || (plain == "cnfs" && word == "Conseillers numériques");
        });
        if (known == words.end())
            read.unknown.push_back(given);
        read.list += (read.list.empty() ? "" : "|") + (known == words.end() ? given : *known);
    }
    return read;
}

std::optional<std::string> complaint(std::string_view column, const std::string& text) {
    if (column == "code_postal" && !digits(text, 5, 5))
        return "five digits are expected";
    if (column == "code_insee" && !is_insee(text))
        return "five characters such as 92002 are expected";
    if (column == "telephone" && !(text.starts_with("+") && digits(text.substr(1), 8, 12)))
        return "the country's number and digits without spaces are expected, such as +33199001234";
    const auto alphanumeric = [](unsigned char c) { return std::isalnum(c) != 0; };
    if (column == "pivot" && !(text.size() >= 9 && text.size() <= 14 && std::all_of(text.begin(), text.end(), alphanumeric)))
        return "9 to 14 letters and digits are expected (SIRET or RNA)";
    return std::nullopt;
}

} // namespace capsule::scheme
