#include "playlists/audit/ledger_audit.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace capsule::audit {

namespace {

std::string count(std::int64_t number, const char* one, const char* several) {
    return std::to_string(number) + "\u00a0" + (number < 2 ? one : several);
}

std::string summary_of(const JournalResult& journal) {
    std::string out = "Appareil " + journal.device + ", journal " + journal.journal.substr(0, 8) + "…\u00a0: ";
    if (journal.rows == 0)
        out += "aucune ligne";
    else
        out += "lignes " + std::to_string(journal.first_seq) + " à " + std::to_string(journal.last_seq);
    out +=
        ", " + count(journal.signed_batches, "envoi signé", "envois signés") + " sur " + std::to_string(journal.batches) + ". ";
    out += journal.holds ? "La chaîne tient." : "LA CHAÎNE NE TIENT PAS.";
    if (journal.missing > 0)
        out += " Pas encore reçues\u00a0: " + count(journal.missing, "ligne", "lignes") + ".";
    if (journal.gaps > 0)
        out += " Pertes déclarées\u00a0: " + count(journal.gaps, "fois", "fois") + ", " +
               count(journal.lost_showings, "diffusion", "diffusions") + " au moins.";
    if (journal.forks > 0)
        out += " Mises à part\u00a0: " + count(journal.forks, "ligne", "lignes") + ".";
    return out;
}

} // namespace

std::string audit_text(const AuditResult& result) {
    std::string out;
    for (const JournalResult& journal : result.journals)
        out += summary_of(journal) + "\n";
    constexpr std::size_t most_lines = 200;
    std::size_t told = 0;
    for (const Finding& finding : result.findings) {
        if (told++ == most_lines) {
            out += "… et " +
                   count(static_cast<std::int64_t>(result.findings.size() - most_lines), "autre constat", "autres constats") +
                   " (--json les donne tous).\n";
            break;
        }
        const char* head = finding.gravity == Gravity::wrong     ? "FAUX"
                           : finding.gravity == Gravity::apart   ? "À part"
                           : finding.gravity == Gravity::missing ? "Manque"
                                                                 : "Note";
        out += std::string("  ") + head + (finding.journal.empty() ? "" : ", journal " + finding.journal.substr(0, 8) + "…") +
               (finding.seq > 0 ? ", ligne " + std::to_string(finding.seq) : "") + "\u00a0: " + finding.text + ".\n";
    }
    std::int64_t rows = 0;
    for (const JournalResult& journal : result.journals)
        rows += journal.rows;
    out += count(static_cast<std::int64_t>(result.journals.size()), "journal", "journaux") + ", " +
           count(rows, "ligne vérifiée", "lignes vérifiées") + ". " +
           (result.holds ? "Rien n’est faux." : "LE REGISTRE NE TIENT PAS.") + " " +
           (result.complete ? "Rien ne manque à ce qui est connu." : "Des lignes ou des diffusions manquent (ci-dessus).") + "\n";
    if (result.refused > 0)
        out += "Envois refusés par le serveur (faux, rejoués, modifiés ou d’un appareil révoqué)\u00a0: " +
               std::to_string(result.refused) + ".\n";
    return out;
}

std::string audit_json(const AuditResult& result) {
    using Json = nlohmann::json;
    Json out = {{"holds", result.holds},
                {"complete", result.complete},
                {"refused", result.refused},
                {"journals", Json::array()},
                {"findings", Json::array()}};
    for (const JournalResult& one : result.journals)
        out["journals"].push_back({{"device", one.device},
                                   {"journal", one.journal},
                                   {"first_seq", one.first_seq},
                                   {"last_seq", one.last_seq},
                                   {"rows", one.rows},
                                   {"batches", one.batches},
                                   {"signed_batches", one.signed_batches},
                                   {"forks", one.forks},
                                   {"gaps", one.gaps},
                                   {"lost_showings", one.lost_showings},
                                   {"missing", one.missing},
                                   {"holds", one.holds}});
    for (const Finding& one : result.findings)
        out["findings"].push_back({{"gravity", to_string(one.gravity)},
                                   {"device", one.device},
                                   {"journal", one.journal},
                                   {"seq", one.seq},
                                   {"text", one.text}});
    return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

} // namespace capsule::audit
