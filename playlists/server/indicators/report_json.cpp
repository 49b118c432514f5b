#include "playlists/server/indicators/report.hpp"

#include "playlists/server/ledger/local_hour.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace capsule::server {

namespace {

using Json = nlohmann::json;

std::string joined(const std::vector<std::string>& parts, const char* between) {
    std::string out;
    for (const std::string& part : parts)
        out += (&part == &parts.front() ? "" : between) + part;
    return out;
}

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Figures are written straight away: as trees of members, ten thousand rows took as long as all the rest of the report.
class FigureWriter {
public:
    FigureWriter(std::string& out, bool scans_measured) : m_out(out), m_scans_measured(scans_measured) {}

    void row(const ReportRow& row) {
        text("{\"key\":", joined(row.keys, ","));
        text(",\"label\":", joined(row.labels, ", "));
        if (row.keys.size() > 1) {
            texts(",\"keys\":", row.keys);
            texts(",\"labels\":", row.labels);
        }
        m_out += ',';
        figures(row.figures);
        m_out += '}';
    }
    void figures(const ReportFigures& figures) {
        number("\"showings\":", figures.showings);
        number(",\"complete\":", figures.complete);
        number(",\"shown_ms\":", figures.shown_ms);
        number(",\"frames_due\":", figures.frames_due);
        number(",\"frames_shown\":", figures.frames_shown);
        number(",\"panel_off\":", figures.panel_off);
        number(",\"evidence\":{\"scheduled\":", figures.scheduled);
        number(",\"presented\":", figures.presented());
        number(",\"panel_on\":", figures.panel_on);
        number(",\"panel_off\":", figures.panel_off);
        if (m_scans_measured)
            number("},\"scans\":", figures.scans);
        else
            m_out += "},\"scans\":null";
    }

private:
    void number(std::string_view name, std::int64_t value) {
        m_out += name;
        char digits[24];
        m_out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
    }
    void text(std::string_view name, std::string_view value) {
        m_out += name;
        const bool plain = std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\'; });
        if (!plain) {
            m_out += dumped(Json(value));
            return;
        }
        m_out += '"';
        m_out += value;
        m_out += '"';
    }
    void texts(std::string_view name, const std::vector<std::string>& values) {
        m_out += name;
        for (const std::string& value : values)
            text(&value == &values.front() ? "[" : ",", value);
        m_out += ']';
    }

    std::string& m_out;
    const bool m_scans_measured;
};

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
    std::string text = dumped(out);
    text.pop_back(); // figures and rows come last
    FigureWriter writer(text, report.query.scans_measured);
    text += ",\"total\":{";
    writer.figures(report.total);
    text += "},\"rows\":[";
    for (const ReportRow& row : report.rows) {
        if (&row != &report.rows.front())
            text += ',';
        writer.row(row);
    }
    return text += "]}";
}

} // namespace capsule::server
