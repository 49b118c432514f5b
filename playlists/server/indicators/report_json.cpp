#include "playlists/server/indicators/report.hpp"

#include "playlists/server/ledger/local_hour.hpp"

#include <nlohmann/json.hpp>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

Json to_json(const ReportFigures& figures, bool scans_measured) {
    return {{"showings", figures.showings},
            {"complete", figures.complete},
            {"shown_ms", figures.shown_ms},
            {"frames_due", figures.frames_due},
            {"frames_shown", figures.frames_shown},
            {"panel_off", figures.panel_off},
            {"evidence",
             {{"scheduled", figures.scheduled},
              {"presented", figures.presented()},
              {"panel_on", figures.panel_on},
              {"panel_off", figures.panel_off}}},
            {"scans", scans_measured ? Json(figures.scans) : Json(nullptr)}};
}

std::string joined(const std::vector<std::string>& parts, const char* between) {
    std::string out;
    for (const std::string& part : parts)
        out += (&part == &parts.front() ? "" : between) + part;
    return out;
}

} // namespace

std::string report_json(const Report& report) {
    Json out;
    out["from"] = day_text(report.query.from);
    out["to"] = day_text(report.query.to);
    std::vector<std::string> by;
    for (const ReportBy one : report.query.by.all())
        by.emplace_back(to_string(one));
    out["by"] = joined(by, ",");
    out["source"] = report.query.source == ReportSource::rows ? "rows" : "sums";
    out["rows"] = Json::array();
    for (const ReportRow& row : report.rows) {
        Json one = to_json(row.figures, report.query.scans_measured);
        one["key"] = joined(row.keys, ",");
        one["label"] = joined(row.labels, ", ");
        if (row.keys.size() > 1) {
            one["keys"] = row.keys;
            one["labels"] = row.labels;
        }
        out["rows"].push_back(std::move(one));
    }
    out["total"] = to_json(report.total, report.query.scans_measured);
    out["bounded"] = {{"showings", report.bounded_showings}, {"shown_ms", report.bounded_shown_ms}};
    out["received_rows"] = report.received_rows;
    out["missing_rows"] = report.missing_rows;
    out["unknown_gaps"] = report.unknown_gaps;
    out["screens"] = report.screens;
    out["opening"] = {{"screens", report.opening.screens},
                      {"open_ms", report.opening.open_ms},
                      {"proven_ms", report.opening.proven_ms},
                      {"off_ms", report.opening.off_ms},
                      {"unknown_ms", report.opening.unknown_ms()}};
    out["corrections"] = {{"count", report.corrections}, {"showings", report.corrected_showings}};
    out["forked_rows"] = report.forked_rows;
    out["refused"] = report.refused;
    out["dropped_rows"] = report.dropped_rows;
    out["generated_at"] = to_rfc3339(report.generated_at);
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace capsule::server
