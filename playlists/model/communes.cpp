#include "playlists/model/communes.hpp"

#include <algorithm>
#include <array>

namespace capsule {

namespace {

// From the communes of Hauts-de-Seine as INSEE and La Poste publish them (Licence Ouverte), in the order of the INSEE code.
constexpr std::array communes = {
    Commune{"92002", "Antony", "VSGP", "Vallée Sud Grand Paris", "92160", 64263},
    Commune{"92004", "Asnières-sur-Seine", "BNS", "Boucle Nord de Seine", "92600", 93941},
    Commune{"92007", "Bagneux", "VSGP", "Vallée Sud Grand Paris", "92220", 44572},
    Commune{"92009", "Bois-Colombes", "BNS", "Boucle Nord de Seine", "92270", 28909},
    Commune{"92012", "Boulogne-Billancourt", "GPSO", "Grand Paris Seine Ouest", "92100", 119019},
    Commune{"92014", "Bourg-la-Reine", "VSGP", "Vallée Sud Grand Paris", "92340", 21019},
    Commune{"92019", "Châtenay-Malabry", "VSGP", "Vallée Sud Grand Paris", "92290", 35825},
    Commune{"92020", "Châtillon", "VSGP", "Vallée Sud Grand Paris", "92320", 36705},
    Commune{"92022", "Chaville", "GPSO", "Grand Paris Seine Ouest", "92370", 20594},
    Commune{"92023", "Clamart", "VSGP", "Vallée Sud Grand Paris", "92140", 58576},
    Commune{"92024", "Clichy", "BNS", "Boucle Nord de Seine", "92110", 64410},
    Commune{"92025", "Colombes", "BNS", "Boucle Nord de Seine", "92700", 91053},
    Commune{"92026", "Courbevoie", "POLD", "Paris Ouest La Défense", "92400", 82902},
    Commune{"92032", "Fontenay-aux-Roses", "VSGP", "Vallée Sud Grand Paris", "92260", 24070},
    Commune{"92033", "Garches", "POLD", "Paris Ouest La Défense", "92380", 17743},
    Commune{"92035", "La Garenne-Colombes", "POLD", "Paris Ouest La Défense", "92250", 30197},
    Commune{"92036", "Gennevilliers", "BNS", "Boucle Nord de Seine", "92230", 50979},
    Commune{"92040", "Issy-les-Moulineaux", "GPSO", "Grand Paris Seine Ouest", "92130", 67669},
    Commune{"92044", "Levallois-Perret", "POLD", "Paris Ouest La Défense", "92300", 68092},
    Commune{"92046", "Malakoff", "VSGP", "Vallée Sud Grand Paris", "92240", 30557},
    Commune{"92047", "Marnes-la-Coquette", "GPSO", "Grand Paris Seine Ouest", "92430", 1752},
    Commune{"92048", "Meudon", "GPSO", "Grand Paris Seine Ouest", "92190", 46334},
    Commune{"92049", "Montrouge", "VSGP", "Vallée Sud Grand Paris", "92120", 46324},
    Commune{"92050", "Nanterre", "POLD", "Paris Ouest La Défense", "92000", 97783},
    Commune{"92051", "Neuilly-sur-Seine", "POLD", "Paris Ouest La Défense", "92200", 59538},
    Commune{"92060", "Le Plessis-Robinson", "VSGP", "Vallée Sud Grand Paris", "92350", 28848},
    Commune{"92062", "Puteaux", "POLD", "Paris Ouest La Défense", "92800", 44002},
    Commune{"92063", "Rueil-Malmaison", "POLD", "Paris Ouest La Défense", "92500", 82874},
    Commune{"92064", "Saint-Cloud", "POLD", "Paris Ouest La Défense", "92210", 29855},
    Commune{"92071", "Sceaux", "VSGP", "Vallée Sud Grand Paris", "92330", 20884},
    Commune{"92072", "Sèvres", "GPSO", "Grand Paris Seine Ouest", "92310", 22303},
    Commune{"92073", "Suresnes", "POLD", "Paris Ouest La Défense", "92150", 48956},
    Commune{"92075", "Vanves", "GPSO", "Grand Paris Seine Ouest", "92170", 28622},
    Commune{"92076", "Vaucresson", "POLD", "Paris Ouest La Défense", "92420", 8432},
    Commune{"92077", "Ville-d'Avray", "GPSO", "Grand Paris Seine Ouest", "92410", 11089},
    Commune{"92078", "Villeneuve-la-Garenne", "BNS", "Boucle Nord de Seine", "92390", 26021},
};

} // namespace

const Commune* find_commune(std::string_view insee) {
    const auto found = std::lower_bound(communes.begin(), communes.end(), insee,
                                        [](const Commune& commune, std::string_view code) { return commune.insee < code; });
    return found != communes.end() && found->insee == insee ? &*found : nullptr;
}

std::span<const Commune> all_communes() {
    return communes;
}

} // namespace capsule
