#include "playlists/cli/report.hpp"

#include "content/base/csv.hpp"
#include "content/lib/json/member.hpp"
#include "playlists/cli/table.hpp"
#include "playlists/schedule/zone.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace capsule::cli {

namespace {

std::string head_of(const std::string& by) {
    static const std::map<std::string, std::string> heads = {{"capsule", "Capsule"}, {"site", "Lieu"}, {"commune", "Commune"},
                                                             {"ept", "EPT"},         {"day", "Jour"},  {"hour", "Heure"},
                                                             {"theme", "Thème"},     {"month", "Mois"}};
    std::string head;
    for (std::size_t at = 0; at <= by.size();) {
        const std::size_t comma = std::min(by.find(',', at), by.size());
        const auto found = heads.find(by.substr(at, comma - at));
        head += (head.empty() ? "" : ", ") + (found == heads.end() ? by.substr(at, comma - at) : found->second);
        at = comma + 1;
    }
    return head;
}

// 3723000 → "1 h 02 min 03 s"; shorter spans without what is zero in front.
std::string span(std::int64_t ms) {
    const std::int64_t seconds = ms / 1000, minutes = seconds / 60 % 60, hours = seconds / 3600;
    const auto two = [](std::int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    if (hours > 0)
        return grouped(hours) + " h " + two(minutes) + " min " + two(seconds % 60) + " s";
    if (minutes > 0)
        return std::to_string(minutes) + " min " + two(seconds % 60) + " s";
    return std::to_string(seconds) + " s";
}

// Rounded down, so that "100,0 %" means all.
std::string share(std::int64_t part, std::int64_t whole) {
    if (whole <= 0)
        return "–";
    const std::int64_t tenths = part * 1000 / whole;
    return std::to_string(tenths / 10) + "," + std::to_string(tenths % 10) + "\u00a0%";
}

// The server's word that days of the period were made up for a demonstration; empty: it says nothing of the kind.
std::string example_data(const client::Report& report) {
    return json::text_in(nlohmann::json::parse(report.json, nullptr, false), "example_data");
}

std::string label_of(const client::ReportRow& row) {
    return row.label.empty() ? row.key : row.label;
}

std::vector<std::string> cells(const client::ReportRow& row, std::string label) {
    return {std::move(label),
            grouped(row.showings),
            grouped(row.complete),
            span(row.shown_ms),
            share(row.frames_shown, row.frames_due),
            row.scans ? grouped(*row.scans) : "non mesuré"};
}

} // namespace

std::string report_table(const client::Report& report) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& row : report.rows)
        rows.push_back(cells(row, label_of(row)));
    std::string text = "Diffusions du " + report.from + " au " + report.to + "\n";
    if (const std::string example = example_data(report); !example.empty())
        text += "Attention, ces chiffres contiennent des " + example + ".\n";
    text += "\n";
    text += table({{head_of(report.by)},
                   {"Diffusions", Align::right},
                   {"Complètes", Align::right},
                   {"Durée à l’écran", Align::right},
                   {"Images affichées", Align::right},
                   {"Ouvertures du lien", Align::right}},
                  rows, cells(report.total, "Total"));
    return text + "\n" + report_completeness(report);
}

std::string report_completeness(const client::Report& report) {
    std::string text = "Écrans\u00a0: " + grouped(report.screens) + ". Lignes de journal reçues\u00a0: " + grouped(report.received_rows) +
            ", manquantes\u00a0: " + grouped(report.missing_rows) + ".\n";
    if (report.open_ms > 0)
        text += "Heures d’ouverture (tous écrans)\u00a0: " + span(report.open_ms) +
                ", dont à l’écran, prouvé\u00a0: " + span(report.proven_ms) + " (" + share(report.proven_ms, report.open_ms) +
                "), éteint\u00a0: " + span(report.off_ms) + ", inconnu\u00a0: " + span(report.unknown_ms) + ".\n";
    if (report.corrections > 0)
        text += "Corrections d’heures closes\u00a0: " + grouped(report.corrections) +
                " (détail\u00a0: capsule ledger corrections).\n";
    if (report.forked_rows + report.refused > 0)
        text += "Lignes mises à part\u00a0: " + grouped(report.forked_rows) +
                "\u00a0; envois refusés\u00a0: " + grouped(report.refused) + " (détail\u00a0: capsule ledger verify).\n";
    if (report.dropped_rows > 0)
        text +=
            "Lignes effacées par la règle de conservation (leurs totaux restent comptés)\u00a0: " + grouped(report.dropped_rows) +
            ".\n";
    if (report.unknown_gaps > 0)
        text += "Pertes dont l’étendue n’est pas connue\u00a0: " + grouped(report.unknown_gaps) + ".\n";
    if (report.total.panel_off > 0)
        text += "Compris dans le total, panneau éteint\u00a0: " + grouped(report.total.panel_off) + ".\n";
    if (report.bounded_showings > 0)
        text += "À part, sans date sûre\u00a0: " + grouped(report.bounded_showings) + " diffusions (" + span(report.bounded_shown_ms) +
                ").\n";
    return text;
}

std::string report_csv(const client::Report& report) {
    std::vector<std::string> head{report.by, "label", "showings", "complete", "shown_ms", "frames_due", "frames_shown", "scans", "panel_off"};
    const std::string example = example_data(report);
    if (!example.empty()) // on every line: lines get copied
        head.emplace_back("remark");
    std::string text = csv_line(head);
    for (const auto& row : report.rows) {
        std::vector<std::string> line{row.key, label_of(row), std::to_string(row.showings), std::to_string(row.complete),
                                      std::to_string(row.shown_ms), std::to_string(row.frames_due), std::to_string(row.frames_shown),
                                      row.scans ? std::to_string(*row.scans) : "", std::to_string(row.panel_off)};
        if (!example.empty())
            line.push_back(example);
        text += csv_line(line);
    }
    return text;
}

Result<void> run_report(const ReportOptions& options, Terminal& terminal) {
    const LocalDay today = Zone("Europe/Paris").day(terminal.clock.wall());
    const std::string from = options.from.empty() ? to_text(today - std::chrono::days(30)) : options.from;
    const std::string to = options.to.empty() ? to_text(today) : options.to;
    const auto first = parse_day(from), last = parse_day(to);
    if (!first || !last)
        return Error{Category::invalid, std::string(first ? "--to" : "--from") + " needs a date such as 2026-11-22, not \"" +
                                            (first ? to : from) + "\""};
    if (*last < *first)
        return Error{Category::invalid, "--from " + from + " is after --to " + to};
    CAPSULE_TRY(api, open_client(options.access, terminal));
    CAPSULE_TRY(report, api.report(from, to, options.by));
    if (options.format == "json")
        terminal.out << report.json << "\n";
    else
        terminal.out << (options.format == "csv" ? report_csv(report) : report_table(report));
    if (options.format == "csv")
        terminal.err << report_completeness(report);
    return {};
}

} // namespace capsule::cli
