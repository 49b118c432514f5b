#include "playlists/server/indicators/report.hpp"

#include "playlists/server/indicators/bounded.hpp"
#include "playlists/server/indicators/communes.hpp"
#include "playlists/server/ledger/local_hour.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace capsule::server {

namespace {

constexpr std::array<std::pair<ReportBy, const char*>, 6> words{{{ReportBy::capsule, "capsule"},
                                                                {ReportBy::site, "site"},
                                                                {ReportBy::commune, "commune"},
                                                                {ReportBy::ept, "ept"},
                                                                {ReportBy::day, "day"},
                                                                {ReportBy::hour, "hour"}}};

// Communes and EPT are facts of the fleet as it is now: rows are grouped by site and folded.
const char* column_of(ReportBy by) {
    switch (by) {
    case ReportBy::capsule:
        return "capsule";
    case ReportBy::day:
        return "local_day";
    case ReportBy::hour:
        return "local_hour";
    default:
        return "site";
    }
}

std::string key_of(ReportBy by, const std::string& value, const Labels& labels) {
    switch (by) {
    case ReportBy::commune:
        return labels.site_commune(value);
    case ReportBy::ept:
        return labels.site_ept(value);
    case ReportBy::day:
        return day_text(std::stoll(value));
    case ReportBy::hour:
        return (value.size() < 2 ? "0" : "") + value;
    default:
        return value;
    }
}

std::string label_of(ReportBy by, const std::string& key, const Labels& labels) {
    std::string label;
    switch (by) {
    case ReportBy::capsule:
        label = labels.capsule_title(key);
        break;
    case ReportBy::site:
        label = labels.site_name(key);
        break;
    case ReportBy::commune:
        label = commune_name(key);
        break;
    case ReportBy::ept:
        label = ept_name(key);
        break;
    case ReportBy::day:
        return key.substr(8, 2) + "/" + key.substr(5, 2) + "/" + key.substr(0, 4);
    case ReportBy::hour:
        return std::to_string(std::stoi(key)) + "\u00a0h";
    }
    if (label.empty())
        label = key.empty() ? "non renseigné" : key;
    return label;
}

void add(ReportFigures& to, const ReportFigures& figures) {
    to.showings += figures.showings;
    to.complete += figures.complete;
    to.shown_ms += figures.shown_ms;
    to.frames_due += figures.frames_due;
    to.frames_shown += figures.frames_shown;
    to.panel_off += figures.panel_off;
    to.scans += figures.scans;
}

// Runs a query whose parameters 1 and 2 are the first and the last day.
template <typename Use>
Result<void> each(sqlite::Database& database, const ReportQuery& query, const std::string& sql, Use use) {
    CAPSULE_TRY(select, database.prepare(sql));
    select.bind(1, query.from);
    select.bind(2, query.to);
    for (;;) {
        CAPSULE_TRY(there, select.step());
        if (!there)
            return {};
        use(select);
    }
}

Result<void> count_missing(sqlite::Database& database, Report& out) {
    CAPSULE_CHECK(each(database, out.query,
                       "SELECT COALESCE(SUM(showings),0), COALESCE(SUM(CASE WHEN showings=0 THEN 1 ELSE 0 END),0) FROM ledger_gap"
                       " WHERE local_day BETWEEN ?1 AND ?2",
                       [&](sqlite::Statement& row) {
                           out.missing_rows += row.integer(0);
                           out.unknown_gaps += row.integer(1);
                       }));
    // A hole in a sequence has no date: it is told in every report until it is filled.
    CAPSULE_TRY(holes, database.prepare("SELECT COALESCE(SUM(highest_seen-acked),0) FROM ledger_journal WHERE highest_seen>acked"));
    CAPSULE_TRY(there, holes.step());
    if (there)
        out.missing_rows += holes.integer(0);
    return {};
}

nlohmann::json to_json(const ReportFigures& figures, bool scans_measured) {
    return {{"showings", figures.showings},
            {"complete", figures.complete},
            {"shown_ms", figures.shown_ms},
            {"frames_due", figures.frames_due},
            {"frames_shown", figures.frames_shown},
            {"panel_off", figures.panel_off},
            {"scans", scans_measured ? nlohmann::json(figures.scans) : nlohmann::json(nullptr)}};
}

} // namespace

std::optional<ReportBy> parse_report_by(std::string_view word) {
    for (const auto& [by, name] : words)
        if (word == name)
            return by;
    return std::nullopt;
}

const char* to_string(ReportBy by) { return words[static_cast<std::size_t>(by)].second; }

Result<Report> report(sqlite::Database& database, const ReportQuery& query, const Labels& labels, Instant now) {
    if (query.from > query.to)
        return Error{Category::invalid, "the report's first day " + day_text(query.from) + " is after its last " + day_text(query.to)};
    Report out;
    out.query = query;
    out.generated_at = now;
    // One moment for all figures.
    CAPSULE_CHECK(database.execute("BEGIN"));
    struct End {
        sqlite::Database& database;
        ~End() { (void)database.execute("ROLLBACK"); }
    } const end{database};

    std::map<std::string, ReportFigures> rows;
    const std::string column = column_of(query.by);
    CAPSULE_CHECK(each(database, query,
                       "SELECT " + column +
                           ", COUNT(*), SUM(CASE WHEN ending='complete' THEN 1 ELSE 0 END), SUM(shown_ms), SUM(frames_due),"
                           " SUM(frames_shown), SUM(CASE WHEN evidence='panel-off' THEN 1 ELSE 0 END) FROM ledger_showing"
                           " WHERE local_day BETWEEN ?1 AND ?2 AND item='capsule' AND shown_ms>=1 GROUP BY " +
                           column,
                       [&](sqlite::Statement& row) {
                           add(rows[key_of(query.by, row.text(0), labels)],
                               {row.integer(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5), row.integer(6), 0});
                       }));
    if (query.scans_measured)
        CAPSULE_CHECK(each(database, query, "SELECT " + column + ", SUM(scans) FROM scan_count WHERE local_day BETWEEN ?1 AND ?2 GROUP BY " + column,
                           [&](sqlite::Statement& row) { rows[key_of(query.by, row.text(0), labels)].scans += row.integer(1); }));
    CAPSULE_CHECK(each(database, query, "SELECT COUNT(*), COUNT(DISTINCT screen) FROM ledger_showing WHERE local_day BETWEEN ?1 AND ?2",
                       [&](sqlite::Statement& row) {
                           out.received_rows = row.integer(0);
                           out.screens = row.integer(1);
                       }));
    CAPSULE_CHECK(count_missing(database, out));
    CAPSULE_TRY(groups, bounded_showings(database));
    const Instant from = day_span("", query.from).first, to = day_span("", query.to).second;
    for (const BoundedShowings& group : groups) {
        if (group.not_after < from || (group.not_before && *group.not_before >= to))
            continue;
        out.bounded_showings += group.showings;
        out.bounded_shown_ms += group.shown_ms;
    }

    for (auto& [key, figures] : rows) {
        add(out.total, figures);
        out.rows.push_back({key, label_of(query.by, key, labels), figures});
    }
    if (query.by != ReportBy::day && query.by != ReportBy::hour)
        std::stable_sort(out.rows.begin(), out.rows.end(),
                         [](const ReportRow& a, const ReportRow& b) { return a.figures.showings > b.figures.showings; });
    return out;
}

std::string report_json(const Report& report) {
    using Json = nlohmann::json;
    Json out;
    out["from"] = day_text(report.query.from);
    out["to"] = day_text(report.query.to);
    out["by"] = to_string(report.query.by);
    out["rows"] = Json::array();
    for (const ReportRow& row : report.rows) {
        Json one = to_json(row.figures, report.query.scans_measured);
        one["key"] = row.key;
        one["label"] = row.label;
        out["rows"].push_back(std::move(one));
    }
    out["total"] = to_json(report.total, report.query.scans_measured);
    out["bounded"] = {{"showings", report.bounded_showings}, {"shown_ms", report.bounded_shown_ms}};
    out["received_rows"] = report.received_rows;
    out["missing_rows"] = report.missing_rows;
    out["unknown_gaps"] = report.unknown_gaps;
    out["screens"] = report.screens;
    out["generated_at"] = to_rfc3339(report.generated_at);
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::map<std::string, ScreenToday>> screens_today(sqlite::Database& database, Instant now) {
    std::map<std::string, ScreenToday> out;
    CAPSULE_TRY(heard, database.prepare("SELECT screen, last_received_ms FROM ledger_screen"));
    for (;;) {
        CAPSULE_TRY(there, heard.step());
        if (!there)
            break;
        out[heard.text(0)].last_received = instant_from_ms(heard.integer(1));
    }
    CAPSULE_TRY(counts, database.prepare("SELECT screen, COUNT(*) FROM ledger_showing WHERE local_day=?1 AND item='capsule' AND shown_ms>=1"
                                         " GROUP BY screen"));
    counts.bind(1, local_hour("", now).day);
    for (;;) {
        CAPSULE_TRY(there, counts.step());
        if (!there)
            return out;
        out[counts.text(0)].showings = counts.integer(1);
    }
}

} // namespace capsule::server
