#include "player/app/diagnosis.hpp"

#include <chrono>

namespace capsule {

namespace {

constexpr const char* thin = "\u00a0"; // no-break space

// "5F0C 9A1E 22B4 7D10": so that it can be read out.
std::string in_groups(const std::string& id) {
    std::string out;
    for (std::size_t i = 0; i < id.size(); ++i) {
        if (i > 0 && i % 4 == 0)
            out += ' ';
        out += id[i] >= 'a' && id[i] <= 'f' ? static_cast<char>(id[i] - 32) : id[i];
    }
    return out;
}

std::string megabytes(std::uint64_t bytes) { return std::to_string((bytes + 999'999) / 1'000'000) + thin + "Mo"; }

} // namespace

std::string ago(Nanoseconds span) {
    using namespace std::chrono;
    if (span < seconds(90))
        return "à l’instant";
    if (span < minutes(90))
        return std::string("il y a ") + std::to_string(round<minutes>(span).count()) + thin + "min";
    if (span < hours(36))
        return std::string("il y a ") + std::to_string(round<hours>(span).count()) + thin + "h";
    return std::string("il y a ") + std::to_string(round<days>(span).count()) + thin + "jours";
}

DiagnosticPanel diagnosis(const DiagnosisFacts& facts, Nanoseconds at) {
    DiagnosticPanel panel;
    panel.title = facts.screen.empty() ? "Écran sans nom" : facts.screen;
    const bool waiting = facts.sync.problem.trouble == sync::Trouble::none && !facts.sync.contact;
    panel.code = waiting ? "C01" : support_code(facts.sync.problem.trouble);
    panel.well = facts.sync.problem.trouble == sync::Trouble::none && facts.other.empty();
    if (facts.sync.problem.trouble != sync::Trouble::none)
        panel.state = in_french(facts.sync.problem.trouble) + (facts.programme > 0 ? " Le programme continue." : "");
    else if (waiting)
        panel.state = "Connexion au serveur…";
    else if (facts.screen.empty())
        panel.state = "Cet appareil n’est pas encore rattaché à un écran.";
    else if (!facts.other.empty())
        panel.state = "Un fichier ou un enregistrement pose problème. Le programme continue.";
    else
        panel.state = "Tout va bien.";
    panel.lines.emplace_back("Appareil", in_groups(facts.device));
    panel.lines.emplace_back("Dernier contact", facts.sync.contact ? ago(at - *facts.sync.contact) : "aucun depuis l’allumage");
    panel.lines.emplace_back("Programme", facts.programme > 0 ? "n°" + std::string(thin) + std::to_string(facts.programme) + " (lieux " +
                                                                    std::to_string(facts.fleet) + ", messages " + std::to_string(facts.now) + ")"
                                                              : "aucun");
    if (facts.sync.blobs_missing > 0)
        panel.lines.emplace_back("À recevoir", std::to_string(facts.sync.blobs_missing) + (facts.sync.blobs_missing > 1 ? " fichiers, " : " fichier, ") +
                                                   megabytes(facts.sync.bytes_missing) +
                                                   (facts.sync.waits_for_hours ? " – aux heures prévues (" + facts.hours + ")" : ""));
    panel.lines.emplace_back("Heure", facts.clock_known ? "connue" : "pas encore connue");
    panel.lines.emplace_back("Disque", facts.free_bytes > 0 ? megabytes(static_cast<std::uint64_t>(facts.free_bytes)) + " libres" : "inconnu");
    panel.lines.emplace_back("Serveur", facts.server);
    panel.lines.emplace_back("Logiciel", facts.version);
    if (!facts.other.empty())
        panel.lines.emplace_back("Détail", facts.other.substr(0, 120));
    return panel;
}

} // namespace capsule
